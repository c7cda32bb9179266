import type { Health } from '../health/assess.ts';
import type { WaitingQueue } from '../health/waiting.ts';
import { isUnusual } from '../history/unusual.ts';
import type { Seen } from './lasting.ts';
import { queuesInTrouble } from './queues-in-trouble.ts';

/** Jobs wait and none was begun for so long: enough where such a wait is unusual or breaks a promise… */
const STOPPED_MS = 3 * 60_000;
/** …and where nobody knows, longer than most jobs that hold all threads. */
const STOPPED_UNKNOWN_MS = 10 * 60_000;
/** A process that has just come has not begun anything yet. */
const OPEN_AFTER_MS = 60_000;
const CLOSE_AFTER_MS = 2 * 60_000;

/** Processes serve the queue, and nothing is taken from it. */
export function seeQueueStopped({ waiting }: Health): Seen {
  const stopped = waiting.queues.filter(
    ({ service, motion }) => service === 'served' && motion.type === 'stopped',
  );
  const bad = stopped.filter(hasStoodTooLong);
  const forMs = Math.max(0, ...bad.map(stoodForMs));
  return {
    key: 'queue stopped',
    trouble:
      bad.length === 0
        ? undefined
        : { kind: 'queue stopped', ...queuesInTrouble(bad), forMs, mostForMs: forMs },
    state: bad.length > 0 ? 'bad' : stopped.length > 0 ? 'between' : 'calm',
    openAfterMs: OPEN_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}

function hasStoodTooLong(queue: WaitingQueue): boolean {
  const { name, latencyMs, targetMs, usualWait } = queue;
  if (targetMs !== undefined) return stoodForMs(queue) >= STOPPED_MS && latencyMs > targetMs;
  if (usualWait === undefined) return stoodForMs(queue) >= STOPPED_UNKNOWN_MS;
  return (
    stoodForMs(queue) >= STOPPED_MS && isUnusual({ kind: 'queue latency', queue: name }, latencyMs, usualWait)
  );
}

function stoodForMs({ motion }: WaitingQueue): number {
  return motion.type === 'stopped' ? motion.forMs : 0;
}
