import type { HarmlessEnd } from './observation.ts';

/**
 * What was counted in one stretch of time. Everything is a sum of whole numbers, so tallies can be merged in any order,
 * stored as JSON and read back, and the result is the same to the last digit.
 */
export type Tally = {
  /** By stratum: for how long its processes were observed, and how long jobs of each class ran in them. */
  readonly strata: Map<string, { processMs: number; readonly instanceMs: Map<string, number> }>;
  readonly classes: Map<string, ClassTally>;
  /** Sums over beat intervals of the memory slope y, in KB/s. */
  readonly slope: { intervals: number; y: number; yy: number };
  /** Beats by resident memory, in logarithmic bins (see rss-histogram.ts). */
  readonly rss: Map<number, number>;
  /** Job ids that were seen for the first time. */
  newJobs: number;
  /** Processes that ended otherwise than by a crash. */
  readonly ends: Map<HarmlessEnd, number>;
};

/** `x` is twice the mean number of jobs of the class in a beat interval: the sum at its two ends, a whole number. */
export type ClassTally = { processMs: number; x: number; xx: number; xy: number };

export function emptyTally(): Tally {
  return {
    strata: new Map(),
    classes: new Map(),
    slope: { intervals: 0, y: 0, yy: 0 },
    rss: new Map(),
    newJobs: 0,
    ends: new Map(),
  };
}

/** The tally of a stratum, made when it is first asked for. */
export function stratumTally(tally: Tally, stratum: string) {
  let found = tally.strata.get(stratum);
  if (found === undefined) {
    found = { processMs: 0, instanceMs: new Map() };
    tally.strata.set(stratum, found);
  }
  return found;
}

/** The tally of a class, made when it is first asked for. */
export function classTally(tally: Tally, jobClass: string): ClassTally {
  let found = tally.classes.get(jobClass);
  if (found === undefined) {
    found = { processMs: 0, x: 0, xx: 0, xy: 0 };
    tally.classes.set(jobClass, found);
  }
  return found;
}

export function addTo<Key>(counts: Map<Key, number>, key: Key, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

/** Adds all of `from` to `into`. */
export function mergeTally(into: Tally, from: Tally): void {
  for (const [name, { processMs, instanceMs }] of from.strata) {
    const stratum = stratumTally(into, name);
    stratum.processMs += processMs;
    for (const [jobClass, ms] of instanceMs) addTo(stratum.instanceMs, jobClass, ms);
  }
  for (const [name, { processMs, x, xx, xy }] of from.classes) {
    const own = classTally(into, name);
    own.processMs += processMs;
    own.x += x;
    own.xx += xx;
    own.xy += xy;
  }
  into.slope.intervals += from.slope.intervals;
  into.slope.y += from.slope.y;
  into.slope.yy += from.slope.yy;
  for (const [bin, beats] of from.rss) addTo(into.rss, bin, beats);
  into.newJobs += from.newJobs;
  for (const [how, ended] of from.ends) addTo(into.ends, how, ended);
}
