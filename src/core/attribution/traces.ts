import type { Snapshot } from '../sidekiq/snapshot.ts';
import type { Termination } from './termination.ts';

/**
 * What lies around in Redis, and beside it, in the middle of an incident that nobody watched from its beginning.
 * Counts are by job class; every reading behind them is bounded, so they are "at least".
 */
export type Traces = {
  readonly snapshot: Snapshot;
  /** The jobs in private lists whose owners are dead, list by list. */
  readonly strandedLists: readonly {
    readonly key: string;
    readonly owner: string | undefined;
    readonly classes: Counts;
  }[];
  /** GitLab's `interrupted` set: jobs given up after their processes died under them. */
  readonly interruptedSet: Counts;
  /** Waiting jobs that were rescued from a dead process at least once (`interrupted_count`). */
  readonly rescuedJobs: Counts;
  /** Entries of the dead set without any error: killed as poison pills, or by hand (reference 6.4). */
  readonly deadWithoutError: Counts;
  /** Sidekiq 7+: jobs of each class that ended within the last hour, well or badly. Undefined where there are no metrics. */
  readonly endedLastHour: Counts | undefined;
};

/** The same with what the container platform says of ended pods; nothing where it is not asked. */
export type Scene = Traces & { readonly terminations: readonly Termination[] };

export type Counts = ReadonlyMap<string, number>;
