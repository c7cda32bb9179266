import type { Distinct } from './distinct.ts';

/** What is looked for when a purge is planned. */
export type ClassSearch = {
  readonly jobClass: string;
  /** Only these; empty for all. */
  readonly queues: readonly string[];
  /** Undefined: the moment of looking, by Redis's clock. */
  readonly cutOffMs?: number;
  readonly budgetMs: number;
};

/** One job class in all places of a sidekiq, counted by the predicate that the deed removes by. */
export type ClassFound = {
  readonly sidekiq: string;
  readonly takenAtMs: number;
  readonly tookMs: number;
  readonly cutOffMs: number;
  /** Those with something to take, in the order of the deed. */
  readonly places: readonly FoundPlace[];
  readonly oldestAtMs: number | undefined;
  readonly newestAtMs: number | undefined;
  /** A few, to look up in logs. */
  readonly jids: readonly string[];
  readonly leftAlone: LeftAlone;
  readonly marks: Marks;
  /** Threads of live processes that run it now; a purge can't stop them. */
  readonly running: { readonly threads: number; readonly processes: number };
  readonly cron: readonly CronEntry[];
  /** An Enterprise leader is there, which may enqueue periodic jobs; which ones, Redis does not tell. */
  readonly hasLeader: boolean;
  /** What this Redis throws away when it is full, by which policy. */
  readonly eviction: { readonly of: 'any key' | 'keys that expire'; readonly policy: string } | undefined;
  readonly queueNames: readonly string[];
  /** Of what was met on the way, for those who mistyped a name. */
  readonly classNames: readonly string[];
  readonly exactness: Exactness;
};

export type FoundPlace = {
  /** As plans and people call it: "queue critical", "retry set". */
  readonly name: string;
  readonly count: number;
};

/** The order in which a purge empties them: sets flow into queues, queues into private lists (reference: 9). */
export const PLACES = {
  scheduledSet: 'scheduled set',
  retrySet: 'retry set',
  queue: (name: string) => `queue ${name}`,
  deadLists: 'private lists of dead workers',
  liveLists: 'private lists of workers that may live',
} as const;

/** Of the class, but not taken. */
type LeftAlone = {
  /** Created after the cut-off. */
  readonly later: number;
  readonly undated: number;
  /** Looks like the class, but can't be parsed. */
  readonly unreadable: number;
  /** In lists that belong to no fetcher we know. */
  readonly inUnknownLists: number;
};

/** What would be left behind, or stays undone, when the jobs go. */
type Marks = {
  readonly batchJobs: number;
  readonly batches: Distinct;
  /** With Enterprise's `unique_for`. */
  readonly uniqueJobs: number;
  /** Of sidekiq-unique-jobs. */
  readonly lockDigests: Distinct;
  readonly encrypted: number;
  /** With saved progress, among `of` that were looked at. */
  readonly iterable: { readonly count: number; readonly of: number };
};

export type CronEntry = { readonly name: string; readonly cron: string; readonly isEnabled: boolean };

type Exactness = {
  /** Everything was read, and the search for private lists is over. */
  readonly isExact: boolean;
  readonly isSearchComplete: boolean;
  readonly readCount: number;
  /** Sum of all sizes when the reading began. */
  readonly knownCount: number;
};
