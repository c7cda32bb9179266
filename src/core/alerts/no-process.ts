import type { Health } from '../health/assess.ts';
import type { Seen } from './lasting.ts';
import { jobsIn, queuesInTrouble } from './queues-in-trouble.ts';

/** A deploy that replaces every process at once is over by then. */
const OPEN_AFTER_MS = 2 * 60_000;
/** Quiet processes finish what they run, which takes a while. */
const OPEN_QUIETED_AFTER_MS = 10 * 60_000;
const CLOSE_AFTER_MS = 60_000;

/** Jobs wait in queues from which no live process takes any. A paused queue is somebody's will. */
export function seeNoProcess({ waiting, running }: Health): Seen {
  const unserved = waiting.queues.filter(({ service }) => service === 'unserved');
  const quieted = waiting.queues.filter(({ service }) => service === 'quieted');
  const bad = [...unserved, ...quieted];
  const jobs = jobsIn(bad);
  return {
    key: 'no process',
    trouble:
      bad.length === 0
        ? undefined
        : {
            kind: 'no process',
            ...queuesInTrouble(bad),
            jobs,
            mostJobs: jobs,
            processes: running.processes,
          },
    state: bad.length > 0 ? 'bad' : 'calm',
    openAfterMs: unserved.length > 0 ? OPEN_AFTER_MS : OPEN_QUIETED_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}
