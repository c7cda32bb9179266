/** How finely the past is kept, and for how long: minutes for days, ten minutes for weeks, hours for a year or as `history.keep` says. */
export type Resolution = 'minute' | 'ten minutes' | 'hour' | 'day';

/** Days are Sidekiq's own: they begin at midnight UTC. */
export const SPAN_MS: Readonly<Record<Resolution, number>> = {
  minute: 60_000,
  'ten minutes': 600_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const DAY_MS = 86_400_000;
export const KEPT_MS: Readonly<Record<Resolution, number>> = {
  minute: 3 * DAY_MS,
  'ten minutes': 5 * 7 * DAY_MS + DAY_MS,
  hour: 366 * DAY_MS,
  // As long as hours: what Sidekiq itself counted before we came is as old as that at most.
  day: 366 * DAY_MS,
};

/**
 * One sidekiq over a span of time. What nobody saw is undefined: samples that were filled in from Sidekiq's own counters
 * know `processed` and `failed` only.
 */
export type HistorySample = {
  /** Where the span begins: a whole multiple of it. */
  readonly atMs: number;
  readonly resolution: Resolution;
  /** So many minutes of it were seen. */
  readonly minutes: number;
  /** Of all queues together. */
  readonly waiting: Level | undefined;
  /** Those that had jobs, by name; one that is missing was empty. */
  readonly queues: ReadonlyMap<string, QueuePast> | undefined;
  readonly retrySetSize: number | undefined;
  readonly scheduledSetSize: number | undefined;
  readonly deadSetSize: number | undefined;
  /** Jobs that ended within the span, well or not; and those of them that failed. */
  readonly processed: number;
  readonly failed: number;
  /** Threads of live processes, those that were busy, and with what. */
  readonly threads: number | undefined;
  readonly busy: number | undefined;
  readonly busyByClass: ReadonlyMap<string, number> | undefined;
  readonly usedMemoryBytes: number | undefined;
  /** 0 means no limit. */
  readonly maxMemoryBytes: number | undefined;
  /** Processes that ended within the span. */
  readonly ends: ProcessEnds;
};

/** Sizes over a span: on average and at most. */
export type Level = { readonly size: number; readonly mostSize: number };

export type QueuePast = Level & {
  /** The longest that the next job had waited. */
  readonly latencyMs: number;
};

export type ProcessEnds = {
  readonly crashes: number;
  readonly cleanStops: number;
  readonly killedWhileStopping: number;
  readonly unknown: number;
};

export const NO_ENDS: ProcessEnds = { crashes: 0, cleanStops: 0, killedWhileStopping: 0, unknown: 0 };

/** From and including one time, up to and excluding another. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number };

/** Where the span begins that a time lies in. */
export function spanStartMs(atMs: number, resolution: Resolution): number {
  return atMs - (atMs % SPAN_MS[resolution]);
}

/**
 * A time as its whole hours and what is left of it at both ends, so that a night is thirty samples where it would be two
 * hundred. None of the ranges is empty.
 */
export function inHours({ fromMs, toMs }: TimeRange): {
  readonly hours: readonly TimeRange[];
  readonly ends: readonly TimeRange[];
} {
  const hours = { fromMs: spanStartMs(fromMs + SPAN_MS.hour - 1, 'hour'), toMs: spanStartMs(toMs, 'hour') };
  if (hours.fromMs >= hours.toMs) return { hours: [], ends: [{ fromMs, toMs }] };
  const ends = [
    { fromMs, toMs: hours.fromMs },
    { fromMs: hours.toMs, toMs },
  ];
  return { hours: [hours], ends: ends.filter((end) => end.fromMs < end.toMs) };
}
