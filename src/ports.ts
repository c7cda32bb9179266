/** Everything the program asks of the outside world, on one page. */
import type { JobInFlight } from './core/attribution/observation.ts';
import type { Traces } from './core/attribution/traces.ts';
import type { ChannelFacts, Person } from './core/people.ts';
import type { Answer } from './core/reply/reply.ts';
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

/** What chat knows of people and places. What can't be read is undefined, and whoever decides by it says no. */
export interface Directory {
  person(id: string): Promise<Person | undefined>;
  channel(id: string): Promise<ChannelFacts | undefined>;
}

/** What the watcher has seen of a sidekiq, in its own formats; the newest replaces all before it. */
export interface EvidenceStore {
  evidence(sidekiq: string): Promise<StoredEvidence | undefined>;
  saveEvidence(sidekiq: string, evidence: StoredEvidence): Promise<void>;
}

export type StoredEvidence = { readonly format: number; readonly body: Uint8Array };

/** One among replicas does a thing. Asking again keeps the turn; who no longer asks loses it after a while. */
export interface Turns {
  tryHold(name: string): Promise<boolean>;
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

/** A message of ours that can be edited. */
export type MessageRef = { readonly channel: string; readonly id: string };

/** Lasting messages in channels, as opposed to answers to one person. */
export interface Chat {
  /** @throws {ChatFailed} */
  post(channel: string, message: Answer, thread?: MessageRef): Promise<MessageRef>;
  /**
   * Shows the message in its newest state. Edits of one message never overtake each other, and those that a newer one
   * has made needless are left out. @throws {ChatFailed}
   */
  update(message: MessageRef, content: Answer): Promise<void>;
}

/** Chat did not take a message. `code` is its own word for why, such as `not_in_channel`. */
export class ChatFailed extends Error {
  readonly code: string;
  constructor(code: string, sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'ChatFailed';
    this.code = code;
  }
}
