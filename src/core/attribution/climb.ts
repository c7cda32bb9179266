/**
 * How the memory of one process grew for good: its lower envelope, the least memory at a beat or any later one. Memory
 * that is given back did not count, however high it rose.
 *
 * The envelope is kept while the process lives, beat by beat. Each rise of it belongs to one beat interval and can only
 * shrink later, so a rise that is too small to count is dropped at once, and what is kept is bounded by memory, not
 * by the age of the process.
 */
export type Rise = {
  readonly atMs: number;
  /** The envelope before the rise. */
  readonly floorKb: number;
  readonly riseKb: number;
  /** What a rise of this interval must exceed to count as growth. */
  readonly noiseKb: number;
  /** Jobs in flight at the two ends of the interval, counted together: twice their mean number. */
  readonly doubledCounts: readonly (readonly [jobClass: string, amount: number])[];
};

/** Allocators and samplers move memory by a few MB at any time; a process that warms up, by more. */
export function noiseKb(ageMs: number): number {
  const warmUpMb = ageMs < 60_000 ? 25 * Math.exp(-Math.max(0, ageMs) / 60_000) : 0;
  return (3 + warmUpMb) * 1024;
}

/**
 * Takes back what the next beat shows was not for good, in place. Floors only rise along the climb, so the first rise,
 * from the top down, that the new beat leaves whole ends the search.
 */
export function trimClimb(climb: Rise[], rssKb: number): void {
  for (let top = climb.pop(); top !== undefined; top = climb.pop()) {
    const riseKb = Math.min(top.riseKb, rssKb - top.floorKb);
    if (riseKb > top.noiseKb) {
      climb.push(riseKb === top.riseKb ? top : { ...top, riseKb });
      return;
    }
  }
}

/** What a dead process's climb says: how much it grew, how much of that was old, and which classes ran meanwhile. */
export type Growth = {
  readonly totalKb: number;
  /** The part that was older than two minutes when the process died: no single job's doing. */
  readonly oldKb: number;
  /** Mean number of jobs of a class in flight while memory grew, weighted by the growth. */
  readonly shares: readonly (readonly [jobClass: string, amount: number])[];
};

const OLD_MS = 120_000;
/** Less than this is no growth that could be shared out. */
const LEAST_KB = 50 * 1024;

export function growthOf(climb: readonly Rise[], diedAtMs: number): Growth {
  let totalKb = 0;
  let oldKb = 0;
  const weighted = new Map<string, number>();
  for (const { atMs, riseKb, noiseKb, doubledCounts } of climb) {
    const grownKb = riseKb - noiseKb;
    totalKb += grownKb;
    if (diedAtMs - atMs > OLD_MS) oldKb += grownKb;
    for (const [jobClass, doubled] of doubledCounts) {
      weighted.set(jobClass, (weighted.get(jobClass) ?? 0) + (grownKb * doubled) / 2);
    }
  }
  const shares =
    totalKb < LEAST_KB ? [] : [...weighted].map(([jobClass, kb]) => [jobClass, kb / totalKb] as const);
  return { totalKb, oldKb, shares };
}
