import type { SameHour } from '../history/same-hour.ts';
import { type Usual, usualAt } from '../history/usual.ts';
import { evictionOf } from '../redis-state.ts';
import type { RedisState, Snapshot } from '../sidekiq/snapshot.ts';
import type { Sample } from './sample.ts';
import { MEMORY_TREND_NEEDS_BYTES, MEMORY_TREND_NEEDS_MS } from './thresholds.ts';
import { changePerMinute, newestStretch, spanMs } from './trend.ts';

/** Question 3: is Redis filling up? */
export type Memory = {
  readonly usedBytes: number | undefined;
  /** In bytes; undefined while too little is known. */
  readonly usualUsed: Usual | undefined;
  /** Undefined when it could not be read; 0 when there is no limit. */
  readonly maxBytes: number | undefined;
  readonly usedShare: number | undefined;
  /** Undefined while unknown; 0 when it does not move. */
  readonly bytesPerMinute: number | undefined;
  /** At the present rate; undefined when it does not grow, has no limit, or nothing is known. */
  readonly fullInMs: number | undefined;
  readonly policy: string | undefined;
  /** What it throws away when it is full, and how many keys it has since it started. */
  readonly evicts: 'any key' | 'keys that expire' | undefined;
  readonly evictedKeys: number | undefined;
  readonly writes: RedisState['writes'];
  readonly pingMs: number;
  readonly role: RedisState['role'];
};

export function memoryOf(
  { redis }: Snapshot,
  samples: readonly Sample[],
  sameHour: SameHour | undefined,
): Memory {
  const { usedMemoryBytes: usedBytes, maxMemoryBytes: maxBytes } = redis;
  const isLimited = usedBytes !== undefined && maxBytes !== undefined && maxBytes > 0;
  const bytesPerMinute = growthOf(samples);
  const fullInMs =
    isLimited && bytesPerMinute !== undefined && bytesPerMinute > 0
      ? (Math.max(0, maxBytes - usedBytes) / bytesPerMinute) * 60_000
      : undefined;
  return {
    usedBytes,
    usualUsed: sameHour && usualAt({ kind: 'memory' }, sameHour),
    maxBytes,
    usedShare: isLimited ? usedBytes / maxBytes : undefined,
    bytesPerMinute,
    fullInMs,
    policy: redis.maxMemoryPolicy,
    evicts: evictionOf(redis),
    evictedKeys: redis.evictedKeys,
    writes: redis.writes,
    pingMs: redis.pingMs,
    role: redis.role,
  };
}

function growthOf(samples: readonly Sample[]): number | undefined {
  const stretch = newestStretch(samples, Number.MAX_SAFE_INTEGER);
  const points = stretch.flatMap(({ atMs, usedMemoryBytes }) =>
    usedMemoryBytes === undefined ? [] : [{ atMs, value: usedMemoryBytes }],
  );
  const overMs = spanMs(stretch);
  const perMinute = changePerMinute(points);
  if (perMinute === undefined || overMs < MEMORY_TREND_NEEDS_MS) return undefined;
  return Math.abs(perMinute * overMs) / 60_000 < MEMORY_TREND_NEEDS_BYTES ? 0 : perMinute;
}
