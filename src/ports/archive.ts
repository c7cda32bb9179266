/** Jobs that actions have taken out of Redis, and what became of them. */
import type { Archive } from '../core/archive/archive.ts';
import type { JobEnd } from '../core/archive/ends.ts';
import type { PagePart } from '../core/sidekiq/page.ts';

/** What an action may write in the transaction of one of its steps. */
export interface StepWriter extends ArchiveWriter, RescueWriter {}

/**
 * The jobs that actions have taken out of Redis, in chunks that are numbered from 1 within their action. A chunk is pending
 * from before its jobs leave until it is known which of them did; only those are in the archive.
 */
export interface ArchiveReader {
  /** Makes a chunk ready to be written: the slow part, which has no place in a transaction. */
  packChunk(place: ArchivePlace, jobs: readonly JobBytes[]): Promise<PackedChunk>;
  /** The same for jobs without scores that stand in pages. */
  packParts(place: ArchivePlace, parts: readonly PagePart[]): Promise<PackedChunk>;
  /** What the action was about to do when it was interrupted. */
  pendingChunks(actionId: string): Promise<readonly PendingChunk[]>;
  /** The number of its newest chunk; 0 when there is none. */
  lastChunk(actionId: string): Promise<number>;
  /** What left Redis, by place; without what is pending. */
  archiveTotals(actionId: string, afterChunk?: number): Promise<readonly ArchiveTotal[]>;
  /** Every job that left, in the order in which they did. @throws {StoreError} `corrupt` at a chunk that was changed */
  archivedJobs(actionId: string, afterChunk?: number): AsyncIterable<ArchivedJob>;
  /** Every archive there is, the oldest first. */
  archives(): Promise<readonly Archive[]>;
  /** The jobs that are still owed, in the order in which they are to go back. */
  owedJobs(actionId: string): Promise<readonly OwedJobs[]>;
  /** Those of one chunk that left Redis, in their order. @throws {StoreError} `corrupt`, and `missing` */
  chunkJobs(actionId: string, chunk: number): Promise<ChunkJobs>;
  /** What is no longer owed or is being put back, in the order of the chunks. */
  endedJobs(actionId: string): Promise<readonly EndedJobs[]>;
  /** What an action has ended, or has claimed in order to put it back. */
  endedBy(byActionId: string): Promise<readonly EndedJobs[]>;
}

export interface ArchiveWriter {
  /** It is pending from now on. */
  addChunk(actionId: string, number: number, chunk: PackedChunk): Promise<void>;
  /**
   * Says of each of its first jobs whether it left Redis; if not, a worker was faster. Those after them were never tried:
   * they are where they were.
   */
  settleChunk(actionId: string, number: number, left: readonly boolean[]): Promise<void>;
  /** From now on nobody else puts them back. False when some are claimed or ended already: then nothing is written. */
  claimJobs(jobs: JobRange, byActionId: string): Promise<boolean>;
  /** Ends a claim: so many of its first jobs ended so, and the others are owed again. */
  settleClaim(claim: JobRange, endedCount: number, end: 'restored' | 'uncertain'): Promise<void>;
  /** Ends all that is owed and not claimed; gives how many jobs that were. */
  writeOffJobs(actionId: string, byActionId: string): Promise<number>;
  /** Forgets an archive for good. False when it was gone already. */
  dropArchive(actionId: string): Promise<boolean>;
}

type ChunkJobs = { readonly place: ArchivePlace; readonly jobs: readonly JobBytes[] };

/** A stretch of a chunk: so many of the jobs that left Redis, counted from its first one as 0. */
export type JobRange = {
  readonly actionId: string;
  readonly chunk: number;
  readonly first: number;
  readonly jobs: number;
};

export type OwedJobs = JobRange & { readonly place: ArchivePlace };

export type EndedJobs = JobRange & {
  /** claimed: on their way back. uncertain: whether they came to Redis is not known, so they are not tried again. */
  readonly end: JobEnd;
  readonly byActionId: string;
  readonly atMs: number;
};

/** Which jobs a rescue has moved back to a queue, or was about to when it was interrupted. */
export interface RescueReader {
  /** The number of its newest part; 0 when there is none. */
  lastRescued(actionId: string): Promise<number>;
  rescuedJobs(actionId: string): AsyncIterable<RescuedPart>;
}

export interface RescueWriter {
  addRescued(actionId: string, number: number, part: RescuedPart): Promise<void>;
  /** It was not moved after all. */
  dropRescued(actionId: string, number: number): Promise<void>;
}

export type RescuedPart = { readonly queue: string; readonly jobs: readonly RescuedJob[] };

/** A job without its payload (core/migration/digest.ts). */
export type RescuedJob = {
  readonly digest: string;
  readonly jid: string | undefined;
  readonly jobClass: string;
};

/** Where a job stood when it was taken. */
export type ArchivePlace =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'retry_set' | 'scheduled_set' }
  | { readonly kind: 'private_list'; readonly key: string; readonly queue: string | undefined };

/** A job as its bytes, with its score where the place has scores. */
export type JobBytes = { readonly payload: Uint8Array; readonly score: number | undefined };

export type PackedChunk = {
  readonly place: ArchivePlace;
  readonly jobCount: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly body: Uint8Array;
};

export type PendingChunk = Pick<PackedChunk, 'place' | 'jobCount'> & { readonly number: number };

export type ArchiveTotal = {
  readonly place: ArchivePlace;
  readonly archived: number;
  /** Were gone when their turn came: a worker has them. */
  readonly taken: number;
  readonly sizeBytes: number;
  /** The same, compressed. */
  readonly storedBytes: number;
};

/** `chunk` and `index` tell it from every other job of its action, also from one with the same bytes. */
export type ArchivedJob = JobBytes & {
  readonly chunk: number;
  readonly index: number;
  readonly place: ArchivePlace;
};
