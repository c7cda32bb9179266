import { localTime } from '../../src/core/history/calendar.ts';
import type { Snapshot } from '../../src/core/sidekiq/snapshot.ts';
import { aQueue, aSnapshot, MINUTE_MS } from '../snapshots.ts';
import { backlogAt } from './backlog.ts';
import { processesAt, worksAt } from './fleet.ts';
import { aShape, type Shape } from './shape.ts';

/** What could be seen of it at a moment; the same moment is always the same, so what is said can be compared with what was true. */
export type World = Shape & { snapshotAt(atMs: number): Snapshot };

const BYTES_OF_A_JOB = 2048;
const DONE_A_MINUTE = 600;
const FAILING_SHARE = 0.01;

/**
 * A made-up company for six weeks: some jobs by day, thousands in the nightly maintenance window, a shape of the week,
 * growth, bursts, deploys; and one night in which a class kills the workers.
 */
export function aWorld(seed: number): World {
  const shape = aShape(seed);
  const counted = countsOf(shape);
  return { ...shape, snapshotAt: (atMs) => snapshotAt(shape, counted, atMs) };
}

function snapshotAt(shape: Shape, counted: Counted, atMs: number): Snapshot {
  const { waiting, latencyMs } = backlogAt(shape, atMs);
  const { noise } = shape;
  const processes = processesAt(shape, atMs);
  return aSnapshot({
    takenAtMs: atMs,
    queues: [
      aQueue('default', { size: waiting, latencyMs }),
      aQueue('mailers', { size: Math.floor(3 * noise(atMs, 'mailers')), latencyMs: 400 }),
      aQueue('within_5_minutes', { size: Math.floor(2 * noise(atMs, 'within')), latencyMs: 900 }),
    ],
    processes,
    works: worksAt(shape, atMs, processes),
    counters: { ...counted(atMs), processedToday: 0, failedToday: 0 },
    redis: { ...aSnapshot().redis, usedMemoryBytes: 200 * 2 ** 20 + waiting * BYTES_OF_A_JOB },
  });
}

/** What Sidekiq has counted up to a moment. */
type Counted = (atMs: number) => { readonly processed: number; readonly failed: number };

function countsOf({ fromMs, incident, flaky, calendar, noise }: Shape): Counted {
  const processed = [0];
  const failed = [0];
  return (atMs) => {
    const minute = Math.max(0, Math.floor((atMs - fromMs) / MINUTE_MS));
    for (let next = processed.length; next <= minute; next += 1) {
      const thenMs = fromMs + next * MINUTE_MS;
      const isStill = thenMs >= incident.fromMs && thenMs < incident.fixedMs;
      const isFlaky = localTime(thenMs, calendar.timezone).minuteOfDay / 60 - flaky.hour;
      const share = isFlaky >= 0 && isFlaky < 1 ? flaky.share : FAILING_SHARE;
      const done = isStill ? 0 : DONE_A_MINUTE * (0.5 + noise(next, 'done'));
      processed.push((processed.at(-1) ?? 0) + Math.round(done));
      failed.push((failed.at(-1) ?? 0) + Math.round(done * share * 2 * noise(next, 'failed')));
    }
    return { processed: processed[minute] ?? 0, failed: failed[minute] ?? 0 };
  };
}
