import { noiseKb, type Rise, trimClimb } from './climb.ts';
import type { Beat, JobInFlight, ProcessSeen } from './observation.ts';
import { rssBin } from './rss-histogram.ts';
import { addTo, classTally, stratumTally, type Tally } from './tally.ts';

/** A living process: who it is, its last beat, and how its memory has grown. */
export type WatchedProcess = {
  readonly identity: string;
  readonly host: string;
  readonly stratum: string;
  readonly concurrency: number;
  readonly startedAtMs: number;
  lastBeat?: LastBeat | undefined;
  readonly climb: Rise[];
  /** For each class in flight now: the memory at the beat before it began to run without a pause. */
  stretches: ReadonlyMap<string, number>;
};

type LastBeat = {
  readonly atMs: number;
  readonly rssKb?: number | undefined;
  readonly inFlight: readonly JobInFlight[];
  /** Since the beat before. */
  readonly gapMs?: number | undefined;
};

/** A gap longer than this is a hole in our view: nobody knows what ran in it. */
const LONGEST_GAP_MS = 30_000;
/** Over longer intervals the two ends say too little about what ran between them. */
const LONGEST_SLOPE_MS = 15_000;
const WARM_UP_MS = 60_000;

/**
 * Processes with the same queues and concurrency may be treated differently by the infrastructure than others (other
 * hosts, other limits), so each such set has a background rate of its own.
 */
export function stratumOf({ queues, concurrency }: ProcessSeen): string {
  return `${[...new Set(queues)].sort().join(',')} x${concurrency}`;
}

export function countByClass(inFlight: readonly JobInFlight[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { jobClass } of inFlight) addTo(counts, jobClass, 1);
  return counts;
}

/** Counts the interval that a beat ends, and returns how long it was. A first beat ends none. */
export function countBeat(tally: Tally, process: WatchedProcess, beat: Beat): number {
  const { lastBeat } = process;
  if (beat.rssKb !== undefined) addTo(tally.rss, rssBin(beat.rssKb), 1);
  const counts = countByClass(beat.inFlight);
  for (const jobClass of counts.keys()) classTally(tally, jobClass);
  if (lastBeat === undefined) return 0;
  const gapMs = beat.atMs - lastBeat.atMs;
  const countedMs = Math.min(gapMs, LONGEST_GAP_MS);
  const stratum = stratumTally(tally, process.stratum);
  stratum.processMs += countedMs;
  for (const [jobClass, count] of counts) {
    addTo(stratum.instanceMs, jobClass, count * countedMs);
    classTally(tally, jobClass).processMs += countedMs;
  }
  if (lastBeat.rssKb === undefined || beat.rssKb === undefined) return countedMs;
  if (gapMs <= LONGEST_SLOPE_MS && beat.atMs - process.startedAtMs > WARM_UP_MS) {
    countSlope(tally, ((beat.rssKb - lastBeat.rssKb) * 1000) / gapMs, counts, lastBeat.inFlight);
  }
  return countedMs;
}

function countSlope(
  tally: Tally,
  kbPerSecond: number,
  counts: ReadonlyMap<string, number>,
  before: readonly JobInFlight[],
): void {
  // Whole numbers, so that sums do not depend on their order; a KB/s is far below what memory says anyway.
  const y = Math.round(kbPerSecond);
  tally.slope.intervals++;
  tally.slope.y += y;
  tally.slope.yy += y * y;
  for (const [jobClass, x] of sumCounts(counts, before)) {
    const sums = classTally(tally, jobClass);
    sums.x += x;
    sums.xx += x * x;
    sums.xy += x * y;
  }
}

function sumCounts(counts: ReadonlyMap<string, number>, before: readonly JobInFlight[]): Map<string, number> {
  const sum = new Map(counts);
  for (const { jobClass } of before) addTo(sum, jobClass, 1);
  return sum;
}

/** Makes a beat the last one. */
export function noteBeat(process: WatchedProcess, { atMs, rssKb, inFlight }: Beat): void {
  if (rssKb !== undefined) noteMemory(process, atMs, rssKb, inFlight);
  const before = process.lastBeat?.atMs;
  process.lastBeat = { atMs, rssKb, inFlight, gapMs: before === undefined ? undefined : atMs - before };
}

function noteMemory(
  process: WatchedProcess,
  atMs: number,
  rssKb: number,
  inFlight: readonly JobInFlight[],
): void {
  const { lastBeat, climb, stretches } = process;
  const counts = countByClass(inFlight);
  const floorKb = lastBeat?.rssKb ?? rssKb;
  const riseKb = rssKb - floorKb;
  const noise = noiseKb(atMs - process.startedAtMs);
  trimClimb(climb, rssKb);
  if (riseKb > noise) {
    const doubledCounts = [...sumCounts(counts, lastBeat?.inFlight ?? [])];
    climb.push({ atMs, floorKb, riseKb, noiseKb: noise, doubledCounts });
  }
  process.stretches = new Map(
    [...counts.keys()].map((jobClass) => [jobClass, stretches.get(jobClass) ?? floorKb]),
  );
}
