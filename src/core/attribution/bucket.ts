import { emptyTally, mergeTally, type Tally } from './tally.ts';

/** A stretch of time and what was counted in it. */
export type Bucket = { readonly startMs: number; readonly widthMs: number; readonly tally: Tally };

const MINUTE_MS = 60_000;
/** Minutes are kept for as long as people ask about them; before that, ten minutes are fine enough. */
const COARSE_MS = 10 * MINUTE_MS;
const FINE_FOR_MS = 2 * 3_600_000;

const floorTo = (atMs: number, widthMs: number): number => Math.floor(atMs / widthMs) * widthMs;

/** The bucket that holds a time, made when it is first needed. */
export function bucketAt(buckets: Map<number, Bucket>, atMs: number): Bucket {
  const coarse = buckets.get(floorTo(atMs, COARSE_MS));
  if (coarse !== undefined && coarse.widthMs === COARSE_MS) return coarse;
  return bucketOf(buckets, floorTo(atMs, MINUTE_MS), MINUTE_MS);
}

function bucketOf(buckets: Map<number, Bucket>, startMs: number, widthMs: number): Bucket {
  const found = buckets.get(startMs);
  if (found?.widthMs === widthMs) return found;
  const made = { startMs, widthMs, tally: found?.tally ?? emptyTally() };
  buckets.set(startMs, made);
  return made;
}

/** Drops the buckets that ended before the window and joins the old minutes into tens. */
export function forgetBuckets(buckets: Map<number, Bucket>, nowMs: number, windowMs: number): void {
  for (const [startMs, { widthMs, tally }] of [...buckets]) {
    if (startMs + widthMs <= nowMs - windowMs) buckets.delete(startMs);
    else if (widthMs === MINUTE_MS && floorTo(startMs, COARSE_MS) + COARSE_MS <= nowMs - FINE_FOR_MS) {
      const coarse = bucketOf(buckets, floorTo(startMs, COARSE_MS), COARSE_MS);
      if (coarse.tally === tally) continue;
      mergeTally(coarse.tally, tally);
      buckets.delete(startMs);
    }
  }
}
