import type { Evidence } from './evidence.ts';
import { memorySlope } from './memory-slope.ts';
import { emptyTally, mergeTally } from './tally.ts';

/** So clear that it is no chance, whatever number of classes was tried. */
const CLEAR_T = 5;

/**
 * By how much memory grows, in kB a second, for each job of a class that runs; of those classes alone in which it clearly
 * does.
 */
export function growthByClass(evidence: Evidence, sinceMs: number): ReadonlyMap<string, number> {
  const tally = emptyTally();
  for (const bucket of evidence.buckets.values())
    if (bucket.startMs + bucket.widthMs > sinceMs) mergeTally(tally, bucket.tally);
  const growth = new Map<string, number>();
  for (const [jobClass, sums] of tally.classes) {
    const { kbPerS, t } = memorySlope(tally.slope, sums);
    if (t >= CLEAR_T) growth.set(jobClass, kbPerS);
  }
  return growth;
}
