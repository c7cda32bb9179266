/** What the settings say about one sidekiq, its queues and classes (contract: Settings). */
export type SidekiqPolicy = {
  readonly name: string;
  /** Slack channel ids in which it may be asked about; empty means anywhere the bot is. */
  readonly channels: readonly string[];
  readonly pollMs: number;
  readonly queues: ReadonlyMap<string, QueuePolicy>;
  readonly classes: ReadonlyMap<string, ClassPolicy>;
};

/** Whether it may be asked about in that channel. */
export function mayBeAskedIn({ channels }: Pick<SidekiqPolicy, 'channels'>, channelId: string): boolean {
  return channels.length === 0 || channels.includes(channelId);
}

export type QueuePolicy = { readonly latencyTargetMs: number | undefined };

export type ClassPolicy = {
  /** Enqueued again by itself, so purging loses little. */
  readonly isRecurring: boolean;
  /** Never purged. */
  readonly isProtected: boolean;
  /** How many people must agree to an action on it, where that is more than elsewhere. */
  readonly required?: number | undefined;
  readonly owner: string | undefined;
  readonly note: string | undefined;
};
