/** What is asked of a sidekiq’s Redis, and of the platform its workers run on: to look, and nothing else. */
import type { ClassFound, ClassSearch } from '../core/actions/purge-found.ts';
import type { JobInFlight } from '../core/attribution/observation.ts';
import type { Terminations } from '../core/attribution/termination.ts';
import type { Traces } from '../core/attribution/traces.ts';
import type { PastCount } from '../core/history/past-counts.ts';
import type { ListContents } from '../core/migration/list-contents.ts';
import type { Backlog, BacklogRequest } from '../core/sidekiq/backlog.ts';
import type { WorkByClass } from '../core/sidekiq/class-work.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';

/** Looks at one sidekiq's Redis and can do nothing else: every command it sends is a reading one. */
export interface SidekiqReader {
  /** @throws {RedisUnavailable} when Redis can't be reached or answers nothing useful. */
  snapshot(): Promise<Snapshot>;
  /** Counts by class in pages, so that Redis is never held up. @throws {RedisUnavailable} */
  countBacklog(request: BacklogRequest): Promise<Backlog>;
  /** The part of its budget that this Redis is asked with now; less than 1 where it is slow (core/load.ts). */
  share(): number;
  close(): Promise<void>;
}

/** Looks for one job class wherever it is, for who plans its purge; reading commands too. */
export interface ClassFinder {
  /** @throws {RedisUnavailable} */
  findClass(search: ClassSearch): Promise<ClassFound>;
}

/** Looks into private lists, for who wants to know what lies stranded; reading commands too. */
export interface StrandedReader {
  /** What lies in each, by key, the smallest first until the time is up. @throws {RedisUnavailable} */
  contentsOf(snapshot: Snapshot, budgetMs: number): Promise<ReadonlyMap<string, ListContents>>;
}

/** Looks in queues for jobs that were rescued; reading commands too. */
export interface RescuedFinder {
  /** How many of these digests wait, by queue, until the time is up. @throws {RedisUnavailable} */
  findWaiting(
    rescued: ReadonlyMap<string, ReadonlySet<string>>,
    budgetMs: number,
  ): Promise<{ readonly waiting: ReadonlyMap<string, number>; readonly isWhole: boolean }>;
}

/** What only the watcher of deaths asks of a sidekiq's Redis; reading commands too. */
export interface DeathReader {
  /** The hashes that are left of identities which are no longer in `processes`; those that expired are missing. */
  remains(
    identities: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly beatAtMs: number; readonly isQuiet: boolean }>>;
  /** The jobs in private lists, at most `limit` of each; what is no job is left out. */
  jobsIn(keys: readonly string[], limit: number): Promise<ReadonlyMap<string, readonly JobInFlight[]>>;
}

/** What an incident has left lying around in a sidekiq's Redis, for a bot that did not see its beginning. */
export interface TraceReader {
  /** @throws {RedisUnavailable} */
  traces(snapshot: Snapshot): Promise<Traces>;
}

/** What Sidekiq itself counts by class, for who compares nights. */
export interface ClassWorkReader {
  /** Of the last eight hours; undefined before Sidekiq 7. @throws {RedisUnavailable} */
  classWork(nowMs: number): Promise<WorkByClass | undefined>;
}

/** What Sidekiq itself has counted before anybody watched. */
export interface PastCountReader {
  /** Days, and since Sidekiq 7 minutes of the last hours; what is not there is left out. @throws {RedisUnavailable} */
  pastCounts(nowMs: number): Promise<readonly PastCount[]>;
}

/** The container platform's own word on how containers ended. Never throws: a refusal is part of the answer. */
export interface TerminationReader {
  terminations(): Promise<Terminations>;
}

/** Redis could not be asked. `done` says what had happened by then; nothing is half written by a reader. */
export class RedisUnavailable extends Error {
  readonly code = 'redis_unavailable';
  readonly sidekiq: string;
  constructor(sidekiq: string, sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'RedisUnavailable';
    this.sidekiq = sidekiq;
  }
}
