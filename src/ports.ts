/** Everything the program asks of the outside world, on one page. */
import type { ClassFound, ClassSearch } from './core/actions/purge-found.ts';
import type { Selection } from './core/actions/purge-selector.ts';
import type { Proposal } from './core/approval/proposal.ts';
import type { Archive } from './core/archive/archive.ts';
import type { JobEnd } from './core/archive/ends.ts';
import type { JobInFlight } from './core/attribution/observation.ts';
import type { Terminations } from './core/attribution/termination.ts';
import type { Traces } from './core/attribution/traces.ts';
import type { Entry } from './core/audit/entry.ts';
import type { AuditHead, AuditRecord } from './core/audit/record.ts';
import type { StoredLine } from './core/audit/verify.ts';
import type { Incident } from './core/history/incident.ts';
import type { PastCount } from './core/history/past-counts.ts';
import type { HistorySample, Resolution, TimeRange } from './core/history/sample.ts';
import type { ListContents } from './core/migration/list-contents.ts';
import type { ChannelFacts, Person } from './core/people.ts';
import type { Form, FormErrors } from './core/reply/form.ts';
import type { Answer, Reply } from './core/reply/reply.ts';
import type { Backlog, BacklogRequest } from './core/sidekiq/backlog.ts';
import type { WorkByClass } from './core/sidekiq/class-work.ts';
import type { Snapshot } from './core/sidekiq/snapshot.ts';

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
  /**
   * Releases the unique locks that removed jobs left behind, where nobody else holds them. It can be done again.
   * @throws {RedisUnavailable}
   */
  releaseLocks(removed: AsyncIterable<ArchivedJob>): Promise<ReleasedLocks>;
  close(): Promise<void>;
}

export type ReleasedLocks = {
  readonly released: number;
  /** Other jobs have a part in them, so they stay. */
  readonly heldByOthers: number;
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
   * clean: the last pass found nothing. still_coming: each of many passes found some. superseded: another bot has taken
   * over. refused: Redis or its state forbids to go on; `sentence` says what.
   */
  readonly type: 'clean' | 'still_coming' | 'stopped' | 'cap_reached' | 'superseded' | 'refused';
  readonly sentence: string;
  readonly archived: number;
  readonly taken: number;
  /** Places that were left alone, each a sentence. */
  readonly leftAlone: readonly string[];
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

/** What chat knows of people and places. What can't be read is undefined, and whoever decides by it says no. */
export interface Directory {
  /** As they were within the last minute: good enough to answer by, not to decide by. */
  person(id: string): Promise<Person | undefined>;
  /** As they are now: asked at this call, or on the way while it came. */
  personNow(id: string): Promise<Person | undefined>;
  /** Ids of those who are in a user group now; nobody is in one that does not exist. */
  membersNow(groupId: string): Promise<readonly string[] | undefined>;
  channel(id: string): Promise<ChannelFacts | undefined>;
  /**
   * Can this member of the workspace read along there? The channel is public, or they are in it, as it was within the last
   * minute. False where chat does not say.
   */
  mayRead(personId: string, channelId: string): Promise<boolean>;
}

/** The container platform's own word on how containers ended. Never throws: a refusal is part of the answer. */
export interface TerminationReader {
  terminations(): Promise<Terminations>;
}

/** What the watcher has seen of a sidekiq, in its own formats; the newest replaces all before it. */
export interface EvidenceStore {
  evidence(sidekiq: string): Promise<StoredEvidence | undefined>;
  saveEvidence(sidekiq: string, evidence: StoredEvidence): Promise<void>;
}

/** What a flow must not forget over a restart (what was alerted, muted, posted), as text by id. */
export interface Notes {
  load(id: string): Promise<string | undefined>;
  /** The last to save wins. */
  save(id: string, text: string): Promise<void>;
  /** Makes the next text out of the one that is there; again, where another was faster. */
  change(id: string, next: (text: string | undefined) => string): Promise<void>;
}

export type StoredEvidence = { readonly format: number; readonly body: Uint8Array };

/** One among replicas does a thing. Asking again keeps the turn; who no longer asks loses it after a while. */
export interface Turns {
  tryHold(name: string): Promise<boolean>;
  /** Gives the turn to whoever asks next, if it is held. */
  release(name: string): Promise<void>;
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

/**
 * What must last. Every method @throws {StoreError} when the database fails; nothing is ever half written.
 *
 * `transact` is the only way to change a proposal, because its records are written with it. Transactions come one after
 * another, over all replicas: do nothing slow inside, and use nothing but `tx`.
 */
export interface Store
  extends ProposalReader,
    AuditReader,
    ArchiveReader,
    RescueReader,
    Leases,
    EvidenceStore,
    CrashHistory,
    HistoryStore,
    Announcements,
    AsyncDisposable {
  /** All of it is written when `work` has returned, nothing of it when `work` throws. */
  transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
}

/** What an action may write in the transaction of one of its steps. */
export interface StepWriter extends ArchiveWriter, RescueWriter {}

export interface StoreTransaction extends StepWriter {
  proposal(id: string): Promise<Proposal | undefined>;
  /** The proposal of this subject (core/plan.ts) that is still open. */
  openProposal(subject: string): Promise<Proposal | undefined>;
  /** False when one of the same subject or id is there already. */
  addProposal(proposal: Proposal): Promise<boolean>;
  /** Compare and set: false when the stored one is not of the version before `next`. */
  replaceProposal(next: Proposal): Promise<boolean>;
  /** Adds these to the audit log, in order, and gives its new head. */
  append(entries: readonly Entry[]): Promise<AuditHead>;
}

export interface ProposalReader {
  proposal(id: string): Promise<Proposal | undefined>;
  /** The newest first. */
  proposals(filter: { readonly isOpen?: boolean; readonly limit: number }): Promise<readonly Proposal[]>;
  /** Those whose time to be approved or started is over, the longest overdue first. */
  overdueProposals(nowMs: number, limit: number): Promise<readonly Proposal[]>;
}

export interface AuditReader {
  auditHead(): Promise<AuditHead>;
  /** The newest first. */
  latestRecords(limit: number): Promise<readonly AuditRecord[]>;
  /** Every line as it is stored, oldest first, read in pages; not parsed, so that it can be judged. */
  auditLines(afterNumber?: number): AsyncIterable<StoredLine>;
}

/**
 * The jobs that actions have taken out of Redis, in chunks that are numbered from 1 within their action. A chunk is pending
 * from before its jobs leave until it is known which of them did; only those are in the archive.
 */
export interface ArchiveReader {
  /** Makes a chunk ready to be written: the slow part, which has no place in a transaction. */
  packChunk(place: ArchivePlace, jobs: readonly JobBytes[]): Promise<PackedChunk>;
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

/**
 * The right to do something alone, for a time. The database's clock decides, so replicas need not agree on the time. A
 * holder that could not renew for `ttlMs` by its own clock must stop. `fence` goes up with every new holder.
 */
export interface Leases {
  /** Undefined while another holds it. Asking again as the same holder renews it. */
  acquireLease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** False when it ran out or was taken over. */
  renewLease(lease: Lease, ttlMs: number): Promise<boolean>;
  releaseLease(lease: Lease): Promise<void>;
}

export type Lease = { readonly name: string; readonly holder: string; readonly fence: number };

/** How workers died, each death once, in the watcher's own words. */
export interface CrashHistory {
  /** The same id again replaces it. */
  saveCrash(crash: StoredCrash): Promise<void>;
  /** It was held for dead and beats again. */
  removeCrash(sidekiq: string, id: string): Promise<void>;
  /** The newest first. */
  crashes(sidekiq: string, sinceMs: number, limit: number): Promise<readonly StoredCrash[]>;
}

export type StoredCrash = {
  readonly sidekiq: string;
  readonly id: string;
  readonly atMs: number;
  readonly body: string;
};

/** The figures of every minute, thinned with age, for whoever only looks. */
export interface HistoryReader {
  /** Those that begin within one of the ranges, oldest first. */
  samples(
    sidekiq: string,
    resolution: Resolution,
    ranges: readonly TimeRange[],
  ): Promise<readonly HistorySample[]>;
  /** What was alerted and lasted at some time within the range, oldest first. */
  incidents(sidekiq: string, range: TimeRange): Promise<readonly Incident[]>;
}

export interface HistoryStore extends HistoryReader {
  /**
   * Adds a sample of resolution `minute` and brings the coarser ones that it lies in up to date. The first of a minute
   * stays: false when one was there.
   */
  addSample(sidekiq: string, sample: HistorySample): Promise<boolean>;
  /** Adds what is known of the past, of any resolution, and leaves what is there as it is. */
  fillSamples(sidekiq: string, samples: readonly HistorySample[]): Promise<void>;
  /** Forgets what is older than its resolution is kept (core/history/sample.ts). */
  thinSamples(sidekiq: string, nowMs: number): Promise<void>;
  /** The same id again replaces it. */
  saveIncident(incident: Incident): Promise<void>;
}

/** Messages that are said once and edited afterwards, by a name of ours: `crash-loop/payroll`, `proposal/p1`. */
export interface Announcements {
  announcement(id: string): Promise<Announcement | undefined>;
  announcements(idPrefix: string, limit: number): Promise<readonly Announcement[]>;
  /** Compare and set: false when the stored one is not of the version before; a new one has version 1. */
  saveAnnouncement(next: Announcement): Promise<boolean>;
}

export type Announcement = {
  readonly id: string;
  readonly version: number;
  /** JSON of whoever announces. */
  readonly state: string;
  /** Null until it has been posted. */
  readonly message: MessageRef | null;
};

export type StoreErrorCode =
  | 'unavailable'
  | 'full'
  | 'read_only'
  | 'locked'
  | 'corrupt'
  | 'owned'
  | 'schema_newer'
  | 'schema_older'
  | 'missing'
  | 'bad_url'
  | 'audit_key'
  | 'outcome_unknown';

/** The store failed. Nothing was written, but for `outcome_unknown`: the line was lost during the commit. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
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

/** A pressed `act` button. Who and where are undefined when chat does not say, and whoever decides by them says no. */
export type Pressed = {
  readonly act: string;
  readonly value: string;
  readonly actor: Person | undefined;
  readonly channel: ChannelFacts | undefined;
  /** Undefined where the button stood in an answer to one person, or on Home. */
  readonly message: MessageRef | undefined;
};

/**
 * What is said to whoever pressed, and to nobody else; undefined when the message itself shows what came of it. A form
 * must come within three seconds of the press, else the person is asked to press again.
 */
export type OnAct = (pressed: Pressed) => Promise<Reply | Form | undefined>;

/** A form that was sent off: what stands in its fields by name, an empty one left out. */
export type Submitted = {
  readonly form: string;
  readonly value: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly actor: Person | undefined;
  /** Where the form was asked for. */
  readonly channel: ChannelFacts | undefined;
};

/**
 * Errors that come within two seconds keep the window open with what was typed; after that it has closed, and whatever
 * there is to say is told to the person in the channel. A form takes the place of the first one, if it comes as quickly.
 */
export type OnForm = (submitted: Submitted) => Promise<Reply | Form | FormErrors | undefined>;

/** Chat did not take a message. `code` is its own word for why, such as `not_in_channel`. */
export class ChatFailed extends Error {
  readonly code: string;
  constructor(code: string, sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'ChatFailed';
    this.code = code;
  }
}
