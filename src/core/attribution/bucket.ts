import { emptyTally, mergeTally, type Tally } from './tally.ts';

/** A stretch of time and what was counted in it. */
export type Bucket = { readonly startMs: number; readonly widthMs: number; readonly tally: Tally };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/**
 * The older, the wider: an answer for the last half hour is right to the minute, one for two hours to ten minutes. A
 * day of minutes would be twenty times as much to add up at each crash and to write to the store. Each width is a
 * multiple of the one before, so a bucket always fits into a wider one.
 */
const WIDTHS = [
  { widthMs: MINUTE_MS, fromAgeMs: 0 },
  { widthMs: 10 * MINUTE_MS, fromAgeMs: HOUR_MS / 2 },
  { widthMs: HOUR_MS, fromAgeMs: 3 * HOUR_MS },
] as const;

const floorTo = (atMs: number, widthMs: number): number => Math.floor(atMs / widthMs) * widthMs;

/** The bucket that holds a time: a wide one that is there already, or that of the minute, made when it is missing. */
export function bucketAt(buckets: Map<number, Bucket>, atMs: number): Bucket {
  for (const { widthMs } of WIDTHS) {
    const found = buckets.get(floorTo(atMs, widthMs));
    if (found !== undefined && found.startMs + found.widthMs > atMs) return found;
  }
  return bucketFrom(buckets, floorTo(atMs, MINUTE_MS), MINUTE_MS);
}

/** Drops the buckets that ended before the window and joins old ones into wider ones. */
export function forgetBuckets(buckets: Map<number, Bucket>, nowMs: number, windowMs: number): void {
  for (const bucket of [...buckets.values()]) {
    const { startMs } = bucket;
    const widthMs = widthFor(startMs, nowMs);
    if (startMs + bucket.widthMs <= nowMs - windowMs) buckets.delete(startMs);
    else if (widthMs > bucket.widthMs) {
      buckets.delete(startMs);
      mergeTally(bucketFrom(buckets, floorTo(startMs, widthMs), widthMs).tally, bucket.tally);
    }
  }
}

/** The bucket that begins there. A narrow one will do: it is as old, and its turn to be joined comes, too. */
function bucketFrom(buckets: Map<number, Bucket>, startMs: number, widthMs: number): Bucket {
  const found = buckets.get(startMs);
  if (found !== undefined) return found;
  const made = { startMs, widthMs, tally: emptyTally() };
  buckets.set(startMs, made);
  return made;
}

/** The widest bucket that is old enough as a whole. */
function widthFor(startMs: number, nowMs: number): number {
  const fitting = WIDTHS.filter(
    ({ widthMs, fromAgeMs }) => floorTo(startMs, widthMs) + widthMs <= nowMs - fromAgeMs,
  );
  return fitting.at(-1)?.widthMs ?? MINUTE_MS;
}
