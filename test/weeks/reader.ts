import type { Traces } from '../../src/core/attribution/traces.ts';
import type { Backlog } from '../../src/core/sidekiq/backlog.ts';
import type { Snapshot } from '../../src/core/sidekiq/snapshot.ts';

/** Reads a Redis that is only played: what waits and runs is made up, of all else there is nothing. */
export function playedReader(snapshot: () => Snapshot, backlog?: () => Backlog) {
  return {
    snapshot: async () => snapshot(),
    share: () => 1,
    pastCounts: async () => [],
    classWork: async () => undefined,
    contentsOf: async () => new Map(),
    findWaiting: async () => ({ waiting: new Map(), isWhole: true }),
    remains: async () => new Map(),
    jobsIn: async () => new Map(),
    countBacklog: async () => backlog?.() ?? notAskedFor(),
    findClass: async () => notAskedFor(),
    traces: async (): Promise<Traces> => ({
      snapshot: snapshot(),
      strandedLists: [],
      interruptedSet: new Map(),
      rescuedJobs: new Map(),
      deadWithoutError: new Map(),
      endedLastHour: undefined,
    }),
    close: async () => {},
  };
}

function notAskedFor(): never {
  throw new Error('not asked for here');
}
