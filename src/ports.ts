/** Everything the program asks of the outside world, on one page. */
import type { Backlog, BacklogRequest } from './core/sidekiq/backlog.ts';
import type { Snapshot } from './core/sidekiq/snapshot.ts';

/** Looks at one sidekiq's Redis and can do nothing else: every command it sends is a reading one. */
export interface SidekiqReader {
  /** @throws {RedisUnavailable} when Redis can't be reached or answers nothing useful. */
  snapshot(): Promise<Snapshot>;
  /** Counts by class in pages, so that Redis is never held up. @throws {RedisUnavailable} */
  countBacklog(request: BacklogRequest): Promise<Backlog>;
  close(): Promise<void>;
}

export interface Clock {
  nowMs(): number;
  /** Resolves after that time, or at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
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
