/**
 * What the bot notes of its own work, for whoever watches it (`/metrics`). Nothing here throws or waits; names are few, and all
 * else is numbers: no argument of a job, no person, no word of a message.
 */
export interface Meter {
  redisAsked(sidekiq: string, work: RedisWork): void;
  /** Once per call, however often it was tried again. */
  slackCalled(method: string, outcome: 'ok' | 'rate_limited' | 'refused' | 'failed', tookMs: number): void;
  /** From when the delivery was ours until its acknowledgement was handed on: Slack gives it three seconds. */
  slackAcknowledged(afterMs: number): void;
  /** Somebody was told that what they asked for failed, or was to be told. */
  requestFailed(kind: RequestKind, cause: FailureCause): void;
  /** What somebody was to be told, a failure for the most part, could not be said: they saw nothing. */
  requestUnanswered(kind: RequestKind): void;
  slackConnected(): void;
  storeAsked(tookMs: number): void;
  storeFailed(code: string): void;
  processEnded(sidekiq: string, end: string): void;
}

/** command: typed. home: the tab was opened; its buttons are presses. */
export const REQUEST_KINDS = ['command', 'press', 'form', 'home'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** rate_limited: Slack said 429. slack: it did not take the answer, or could not be reached. failure: the log says more. */
export const FAILURE_CAUSES = ['rate_limited', 'took_too_long', 'slack', 'failure'] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export type RedisWork = {
  readonly use: 'reading' | 'acting';
  readonly commands: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** How long Redis had something of ours to do. */
  readonly ms: number;
  readonly hasFailed: boolean;
  /** The part of the budget that is granted now. */
  readonly share: number;
};

/** For tools and tests that nobody watches. */
export const UNMETERED: Meter = {
  redisAsked: () => {},
  slackCalled: () => {},
  slackAcknowledged: () => {},
  requestFailed: () => {},
  requestUnanswered: () => {},
  slackConnected: () => {},
  storeAsked: () => {},
  storeFailed: () => {},
  processEnded: () => {},
};
