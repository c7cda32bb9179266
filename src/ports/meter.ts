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
  slackConnected(): void;
  storeAsked(tookMs: number): void;
  storeFailed(code: string): void;
  processEnded(sidekiq: string, end: string): void;
}

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
  slackConnected: () => {},
  storeAsked: () => {},
  storeFailed: () => {},
  processEnded: () => {},
};
