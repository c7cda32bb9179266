/**
 * One sidekiq at one instant, as far as it could be read. Nothing here throws or lies about what is missing: what could
 * not be read is `undefined` (or `'unknown'`) and has a Fault that says why.
 *
 * Times are epoch milliseconds whatever unit that version of Sidekiq wrote (reference: 3.2, Times).
 */
export type Snapshot = {
  readonly sidekiq: string;
  /** Redis's own clock; ages are counted from here. */
  readonly takenAtMs: number;
  readonly tookMs: number;
  readonly queues: readonly Queue[];
  readonly retrySet: JobSet;
  readonly scheduledSet: JobSet;
  readonly deadSet: JobSet;
  readonly processes: readonly Process[];
  readonly works: readonly Work[];
  readonly privateLists: readonly PrivateList[];
  readonly privateListSearch: PrivateListSearch;
  readonly counters: Counters;
  readonly redis: RedisState;
  readonly faults: readonly Fault[];
};

export type Queue = {
  readonly name: string;
  readonly size: number;
  /** Now minus enqueued_at (else created_at) of the next job to run; 0 when empty (lib/sidekiq/api.rb, Queue#latency). */
  readonly latencyMs: number;
  /** The next job to run. Its class is unknown when it is not a job. */
  readonly oldest:
    | { readonly jobClass: string | undefined; readonly createdAtMs: number | undefined }
    | undefined;
  readonly isPaused: boolean;
};

/** The retry, scheduled or dead set. Scores are due times (retry, scheduled) or times of death (dead). */
export type JobSet = {
  readonly size: number;
  readonly lowestScoreMs: number | undefined;
  readonly highestScoreMs: number | undefined;
  /** Retry, scheduled: members whose time has come and that no poller has taken yet. Dead: 0. */
  readonly due: number;
  /** Dead: deaths within the last hour. Retry, scheduled: 0, their growth shows only between samples. */
  readonly addedLastHour: number;
};

/**
 * alive: its hash is fresh. silent: the hash is there but two and a half beats are missing (reference 4.5,
 * suspected), or a younger process has its host and pid.
 * dead: its name is in `processes` and its hash has expired.
 */
export type ProcessState = 'alive' | 'silent' | 'dead';

export type Process = {
  readonly identity: string;
  readonly state: ProcessState;
  readonly hostname: string;
  readonly pid: number | undefined;
  readonly tag: string;
  readonly startedAtMs: number | undefined;
  readonly beatAtMs: number | undefined;
  /** What is left of its 60 s, by Redis's clock. */
  readonly ttlMs: number | undefined;
  readonly concurrency: number | undefined;
  readonly busy: number;
  readonly isQuiet: boolean;
  readonly isEmbedded: boolean;
  readonly rssBytes: number | undefined;
  readonly rttUs: number | undefined;
  readonly queues: readonly string[];
  readonly labels: readonly string[];
  /** "8.1.7" where the process says so, else a range such as "6.2.0 to 6.4.1" or "before 7.0.2" (reference 11). */
  readonly version: string;
  readonly fetch: { readonly strategy: FetchStrategyName; readonly evidence: string };
};

export type FetchStrategyName =
  | 'basic'
  | 'reliable_fetch'
  | 'super_fetch'
  | 'gitlab_reliable'
  | 'gitlab_semi_reliable'
  | 'ultimate'
  | 'unknown';

/** One running job, as of its process's last beat. */
export type Work = {
  readonly identity: string;
  readonly threadId: string;
  readonly queue: string;
  /** Undefined when the payload is not a job. */
  readonly jobClass: string | undefined;
  readonly jid: string | undefined;
  readonly runAtMs: number | undefined;
};

/** A list that a reliable fetcher keeps for one process, or a list that looks like jobs and belongs to nobody known. */
export type PrivateList = {
  readonly key: string;
  readonly scheme:
    | 'reliable_fetch'
    | 'reliable_fetch_without_host'
    | 'super_fetch'
    | 'super_fetch_3_4'
    | 'gitlab'
    | 'ultimate'
    | 'unknown';
  /** Identity, "HOST:PID" (GitLab) or "HOST INDEX" (reliable_fetch); undefined when the name has no owner in it. */
  readonly owner: string | undefined;
  readonly ownerState: 'alive' | 'dead' | 'unknown';
  /** Where its jobs came from, and how that is known. */
  readonly queue: { readonly name: string; readonly knownBy: 'key' | 'payload' | 'queues' } | undefined;
  readonly size: number;
  /** Changes with its size and its ends; only where they were read to learn whose it is. */
  readonly mark?: string | undefined;
};

/** How much of the keyspace has been searched for private lists so far; registers are always read whole. */
export type PrivateListSearch = {
  readonly isComplete: boolean;
  /** When the last full pass ended; undefined before the first. */
  readonly completedAtMs: number | undefined;
};

export type Counters = {
  readonly processed: number;
  readonly failed: number;
  readonly processedToday: number;
  readonly failedToday: number;
};

export type RedisState = {
  readonly version: string | undefined;
  readonly role: 'master' | 'replica' | 'unknown';
  readonly pingMs: number;
  readonly usedMemoryBytes: number | undefined;
  /** 0 means no limit. */
  readonly maxMemoryBytes: number | undefined;
  readonly maxMemoryPolicy: string | undefined;
  readonly writes: { readonly state: 'accepted' | 'refused' | 'unknown'; readonly reason: string };
  readonly connectedClients: number | undefined;
  readonly blockedClients: number | undefined;
  /** Keys that it has thrown away since it started, because it was full. */
  readonly evictedKeys: number | undefined;
};

/**
 * Something odd or unreadable, said and survived: a string where a list should be, bytes that are no JSON, a command
 * that this user may not run.
 */
export type Fault = {
  readonly code:
    | 'wrong_type'
    | 'not_a_job'
    | 'not_json'
    | 'oversized'
    | 'forbidden'
    | 'unreadable'
    /** A queue with jobs that is missing in `queues`: Sidekiq's own pages do not show it. */
    | 'unregistered';
  /** The key or command it was met at. */
  readonly where: string;
  readonly sentence: string;
};
