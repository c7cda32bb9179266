/** What is done to a sidekiq’s Redis. Only what carries out approved actions is handed these. */
import type { Selection } from '../core/actions/purge-selector.ts';
import type { ArchivedJob, ArchiveWriter, StepWriter } from './archive.ts';

/** Writes signals to the processes of one sidekiq. Only what carries out approved actions is handed it. */
export interface Signals {
  /**
   * Asks a process to take no new jobs: at most once for an action, however often this is called for it. Sidekiq 4 and
   * older want USR1 instead of TSTP. @throws {RedisUnavailable} when it may or may not have been sent; ask again.
   */
  quiet(identity: string, actionId: string, signal?: 'TSTP' | 'USR1'): Promise<SentSignal | RedisRefusal>;
  /** Has it been sent for this action? @throws {RedisUnavailable} */
  wasQuieted(actionId: string): Promise<boolean>;
  close(): Promise<void>;
}

export type SentSignal = 'sent' | 'sent before' | 'process gone' | 'quiet already';

/** Redis answered, and did nothing: the first word of why (`NOPERM`, `OOM`, `READONLY`). */
export type RedisRefusal = { readonly refusal: string };

/** Takes the jobs of an approved purge out of one sidekiq's Redis. Only what carries it out is handed this. */
export interface Purger {
  /**
   * Passes over all places until one finds nothing. It is safe to be killed at any instant and to be called again with the
   * same order: it goes on where it was, and each job is in the archive exactly once. What `steps` throw it lets through.
   * @throws {RedisUnavailable} call again
   */
  purge(order: PurgeOrder, steps: PurgeSteps): Promise<PurgeEnd>;
  /** Queues that a purge has parked and not given back; undefined where that may not be read. @throws {RedisUnavailable} */
  parked(): Promise<readonly string[] | undefined>;
  /**
   * Gives their jobs back, as a purge would that takes none; only while no purge goes over this sidekiq. It is safe to be
   * killed at any instant. What `pause` throws it lets through. @throws {RedisUnavailable}
   */
  giveBackParked(order: GiveBackOrder): Promise<GivenBack>;
  /**
   * Releases the unique locks that removed jobs left behind, where nobody else holds them. It can be done again.
   * @throws {RedisUnavailable}
   */
  releaseLocks(removed: AsyncIterable<ArchivedJob>): Promise<ReleasedLocks>;
  close(): Promise<void>;
}

export type GiveBackOrder = Pick<PurgeOrder, 'fence'> & Pick<PurgeSteps, 'pause'>;

export type GivenBack = {
  /** Redis refuses to give these back; undefined where not even that may be read. */
  readonly stillParked: readonly string[] | undefined;
  /** What Redis has lost meanwhile, each a sentence. */
  readonly losses: readonly string[];
};

export type ReleasedLocks = {
  readonly released: number;
  /** Other jobs have a part in them, so they stay. */
  readonly heldByOthers: number;
  /** Redis's words, where it refused to search or to release: others may stay. */
  readonly refusals: readonly string[];
};

export type PurgeOrder = {
  readonly actionId: string;
  /** Of the lease under which this bot carries it out. */
  readonly fence: number;
  readonly selection: Selection;
  /** Never more jobs than this leave Redis, over all calls. */
  readonly cap: number;
};

/** What the engine asks of whoever carries it out; what they answer is heard between two steps. */
export interface PurgeSteps {
  /** Makes a step durable before it is done: `write` and the progress in one transaction. No record, no deed. */
  commit(progress: PurgeProgress, write: (tx: ArchiveWriter) => Promise<void>): Promise<'go on' | 'stop'>;
  /** Redis is to be left alone for a moment; 0 only asks whether to go on. */
  pause(ms: number): Promise<'go on' | 'stop'>;
}

export type PurgeProgress = {
  /** So many have left Redis, over all calls. */
  readonly archived: number;
  /** So many were meant and were gone when their turn came. */
  readonly taken: number;
  /** Where it is and how Redis feels. */
  readonly note: string;
};

export type PurgeEnd = {
  /**
   * clean: the last pass found nothing. unproven: nor did it, but it could not look everywhere; `sentence` says where. still_coming: each of many passes found some. superseded: another bot has taken
   * over. refused: Redis or its state forbids to go on; `sentence` says what.
   */
  readonly type: 'clean' | 'unproven' | 'still_coming' | 'stopped' | 'cap_reached' | 'superseded' | 'refused';
  readonly sentence: string;
  readonly archived: number;
  readonly taken: number;
  /** Places that were left alone, each a sentence. */
  readonly leftAlone: readonly string[];
  /** What Redis has lost of this action meanwhile, each a sentence. */
  readonly losses: readonly string[];
};

/** Puts archived jobs back into one sidekiq's Redis. Only what carries out an approved restore is handed it. */
export interface Restorer {
  /**
   * Puts jobs back until the order is filled or nothing is owed. It is safe to be killed at any instant and to be called
   * again with the same order: it goes on where it was, and no job goes back twice. What `steps` throw it lets through.
   * @throws {RedisUnavailable} call again
   */
  restore(order: RestoreOrder, steps: RestoreSteps): Promise<RestoreEnd>;
  close(): Promise<void>;
}

export type RestoreOrder = {
  /** Of the restore. */
  readonly actionId: string;
  /** Of the lease under which this bot carries it out. */
  readonly fence: number;
  /** The action whose archive it is. */
  readonly archiveId: string;
  /** So many jobs, over all calls. */
  readonly count: number;
  /** Jobs of the sets whose time has passed become due one after another, so far apart. */
  readonly lateGapMs: number;
};

/** As those of a purge. */
export interface RestoreSteps {
  commit(progress: RestoreProgress, write: (tx: ArchiveWriter) => Promise<void>): Promise<'go on' | 'stop'>;
  pause(ms: number): Promise<'go on' | 'stop'>;
}

export type RestoreProgress = {
  /** Are back in Redis, over all calls. */
  readonly restored: number;
  /** May be back or not: Redis lost its note of it, and they are not tried again. */
  readonly uncertain: number;
  /** Where it is. */
  readonly note: string;
};

export type RestoreEnd = Omit<RestoreProgress, 'note'> & {
  /** superseded: another bot has taken over. refused: Redis or its state forbids to go on; `sentence` says what. */
  readonly type: 'done' | 'stopped' | 'superseded' | 'refused';
  readonly sentence: string;
  /** What Redis has lost of this action meanwhile, each a sentence. */
  readonly losses: readonly string[];
};

/** Moves the jobs of dead owners back to their queues. Only what carries out approved rescues is handed this. */
export interface Rescuer {
  /**
   * Works off the lists that were approved, each whose owner is dead at that instant. It is safe to be killed at any instant
   * and to be called again with the same order. What `steps` throw it lets through. @throws {RedisUnavailable} call again
   */
  rescue(order: RescueOrder, steps: RescueSteps): Promise<RescueEnd>;
  /** Archives what a rescue has moved and what still waits in its queue. The same holds for it. @throws {RedisUnavailable} */
  takeBack(order: TakeBackOrder, steps: RescueSteps): Promise<RescueEnd>;
  close(): Promise<void>;
}

export type RescueOrder = {
  readonly actionId: string;
  /** Of the lease under which this bot carries it out. */
  readonly fence: number;
  /** Keys of private lists. */
  readonly lists: readonly string[];
  /** Classes that stay in their lists. */
  readonly keep: readonly string[];
  /** Classes that are archived instead of moved. */
  readonly archive: readonly string[];
  /** Never more jobs than this are moved or archived, over all calls. */
  readonly cap: number;
};

export type TakeBackOrder = Pick<RescueOrder, 'actionId' | 'fence' | 'cap'> & {
  /** The digests of the jobs that were rescued, by queue. */
  readonly rescued: ReadonlyMap<string, ReadonlySet<string>>;
};

export interface RescueSteps {
  /** Makes a step durable before it is done: `write` and the progress in one transaction. No record, no deed. */
  commit(progress: RescueProgress, write: (tx: StepWriter) => Promise<void>): Promise<'go on' | 'stop'>;
  /** Waits; 0 only asks whether to go on. */
  pause(ms: number): Promise<'go on' | 'stop'>;
}

/** So many over all calls. */
export type RescueProgress = { readonly moved: number; readonly archived: number; readonly note: string };

export type RescueEnd = {
  /** superseded: another bot has taken over. refused: Redis forbids to go on; `sentence` says why. */
  readonly type: 'done' | 'stopped' | 'cap_reached' | 'superseded' | 'refused';
  readonly sentence: string;
  readonly moved: number;
  readonly archived: number;
  /** Entries that stay in lists that were worked off: of classes to keep, or no jobs. */
  readonly kept: number;
  /** Lists that were left alone, each a sentence. */
  readonly leftAlone: readonly string[];
};
