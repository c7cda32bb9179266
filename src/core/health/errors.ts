import type { SameHour } from '../history/same-hour.ts';
import { type Usual, usualAt } from '../history/usual.ts';
import type { Snapshot } from '../sidekiq/snapshot.ts';
import type { Sample } from './sample.ts';
import { OVERDUE_MS } from './thresholds.ts';
import { newestStretch, type Progress, progressOf, spanMs } from './trend.ts';

/** Question 4: is the app raising errors? A killed process raises none: quiet here does not mean well. */
export type Errors = {
  /** Undefined until the samples cover two heartbeats. */
  readonly progress: Progress | undefined;
  /** What share of the jobs usually fails at this hour, 0 to 1; undefined while too little is known. */
  readonly usualShare: Usual | undefined;
  readonly retrySetSize: number;
  readonly usualRetrySet: Usual | undefined;
  /** Over the samples; undefined with a single one. */
  readonly retrySetGrowth: { readonly jobs: number; readonly overMs: number } | undefined;
  readonly deadSetSize: number;
  readonly usualDeadSet: Usual | undefined;
  readonly deathsLastHour: number;
  /** Retries and scheduled jobs whose time came long ago, and that no poller has put in a queue. */
  readonly overdue: number;
};

export function errorsOf(
  snapshot: Snapshot,
  samples: readonly Sample[],
  sameHour: SameHour | undefined,
): Errors {
  const stretch = newestStretch(samples, Number.MAX_SAFE_INTEGER);
  const overMs = spanMs(stretch);
  const first = stretch[0];
  return {
    progress: progressOf(stretch),
    usualShare: sameHour && usualAt({ kind: 'failure share' }, sameHour),
    retrySetSize: snapshot.retrySet.size,
    usualRetrySet: sameHour && usualAt({ kind: 'retry set' }, sameHour),
    retrySetGrowth:
      first === undefined || overMs <= 0
        ? undefined
        : { jobs: snapshot.retrySet.size - first.retrySetSize, overMs },
    deadSetSize: snapshot.deadSet.size,
    usualDeadSet: sameHour && usualAt({ kind: 'dead set' }, sameHour),
    deathsLastHour: snapshot.deadSet.addedLastHour,
    overdue: overdueOf(snapshot),
  };
}

function overdueOf({ retrySet, scheduledSet, takenAtMs }: Snapshot): number {
  return [retrySet, scheduledSet]
    .filter(({ lowestScoreMs }) => lowestScoreMs !== undefined && takenAtMs - lowestScoreMs > OVERDUE_MS)
    .reduce((sum, { due }) => sum + due, 0);
}
