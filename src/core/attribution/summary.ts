import type { Crash } from './crash.ts';
import { crashEvents } from './crash-event.ts';
import type { Evidence } from './evidence.ts';
import { memorySlopeT } from './memory-slope.ts';
import { isSlowLeak } from './slow-leak.ts';
import { addTo, classTally, emptyTally, mergeTally, stratumTally, type Tally } from './tally.ts';
import { countByClass } from './watched-process.ts';

/** What the model computes with: the evidence of a window as numbers, in seconds, one row a class. */
export type Summary = {
  readonly crashes: readonly Crash[];
  /** By crash: its event (losses of one host at once are one), and its share in that event. */
  readonly events: readonly number[];
  readonly weights: Float64Array;
  /** By crash: its stratum, an index into `strataS`. */
  readonly stratumOf: Int32Array;
  /** By stratum: process-seconds observed. */
  readonly strataS: Float64Array;
  readonly classes: readonly ClassSummary[];
  readonly jobs: readonly JobSummary[];
  /** Distinct job ids seen. */
  readonly jobsSeen: number;
  readonly isSlowLeak: boolean;
  /** Beats by memory, for "among the largest". */
  readonly rss: Tally['rss'];
  /** Processes that ended otherwise than by a crash. */
  readonly ends: Tally['ends'];
  /** Where what is counted here begins; undefined when nothing was seen. */
  readonly fromMs: number | undefined;
};

export type ClassSummary = {
  readonly jobClass: string;
  /** Instance-seconds. */
  readonly exposureS: number;
  /** Process-seconds with at least one instance. */
  readonly processS: number;
  /** By crash: instances in flight. */
  readonly inFlight: Float64Array;
  readonly crashesInFlight: number;
  /** By crash: share in the growth of the dead process's memory. */
  readonly growth: Float64Array;
  /** t statistic of memory growth on instances in flight. */
  readonly slopeT: number;
};

/** A job that was in flight at two crashes or more. */
export type JobSummary = {
  readonly jid: string;
  readonly jobClass: string;
  readonly exposureS: number;
  readonly inFlight: Float64Array;
  readonly crashesInFlight: number;
};

/** The evidence since a time, or all of it. The time is taken back to the beginning of the bucket that holds it. */
export function summarise(evidence: Evidence, sinceMs = Number.NEGATIVE_INFINITY): Summary {
  const tally = emptyTally();
  let firstMs = Number.POSITIVE_INFINITY;
  for (const bucket of evidence.buckets.values()) {
    if (bucket.startMs + bucket.widthMs <= sinceMs) continue;
    firstMs = Math.min(firstMs, bucket.startMs);
    mergeTally(tally, bucket.tally);
  }
  const crashes = evidence.crashes.filter(({ atMs }) => atMs >= Math.min(sinceMs, firstMs));
  countAfterLastBeat(tally, crashes);
  const strata = [...tally.strata.keys()];
  const { events, weights } = crashEvents(crashes);
  return {
    crashes,
    events,
    weights,
    stratumOf: Int32Array.from(crashes, ({ stratum }) => strata.indexOf(stratum)),
    strataS: Float64Array.from(tally.strata.values(), ({ processMs }) => processMs / 1000),
    classes: summariseClasses(tally, crashes),
    jobs: summariseJobs(evidence, crashes),
    jobsSeen: tally.newJobs,
    isSlowLeak: isSlowLeak(crashes, tally.rss),
    rss: tally.rss,
    ends: tally.ends,
    fromMs: Number.isFinite(firstMs) ? firstMs : undefined,
  };
}

/** Not part of the buckets, so that a crash that is taken back leaves no trace. */
function countAfterLastBeat(tally: Tally, crashes: readonly Crash[]): void {
  for (const { stratum: name, inFlight, livedOnMs } of crashes) {
    const stratum = stratumTally(tally, name);
    stratum.processMs += livedOnMs;
    for (const [jobClass, count] of countByClass(inFlight)) {
      addTo(stratum.instanceMs, jobClass, count * livedOnMs);
      classTally(tally, jobClass).processMs += livedOnMs;
    }
  }
}

function summariseClasses(tally: Tally, crashes: readonly Crash[]): ClassSummary[] {
  const inFlight = new Map<string, Float64Array>();
  const growth = new Map<string, Float64Array>();
  for (const [index, crash] of crashes.entries()) {
    for (const [jobClass, count] of countByClass(crash.inFlight)) {
      rowOf(inFlight, jobClass, crashes.length)[index] = count;
    }
    for (const [jobClass, share] of crash.growth.shares)
      rowOf(growth, jobClass, crashes.length)[index] = share;
  }
  const none = new Float64Array(crashes.length);
  return [...tally.classes].map(([jobClass, sums]) => {
    let exposureMs = 0;
    for (const { instanceMs } of tally.strata.values()) exposureMs += instanceMs.get(jobClass) ?? 0;
    const row = inFlight.get(jobClass) ?? none;
    return {
      jobClass,
      exposureS: exposureMs / 1000,
      processS: sums.processMs / 1000,
      inFlight: row,
      crashesInFlight: row.filter((count) => count > 0).length,
      growth: growth.get(jobClass) ?? none,
      slopeT: memorySlopeT(tally.slope, sums),
    };
  });
}

function summariseJobs(evidence: Evidence, crashes: readonly Crash[]): JobSummary[] {
  const found = new Map<string, { readonly jobClass: string; readonly at: Set<number> }>();
  for (const [index, crash] of crashes.entries()) {
    for (const { jid, jobClass } of crash.inFlight) {
      const job = found.get(jid);
      if (job === undefined) found.set(jid, { jobClass, at: new Set([index]) });
      else job.at.add(index);
    }
  }
  return [...found].flatMap(([jid, { jobClass, at }]) => {
    if (at.size < 2) return [];
    const livedOnMs = [...at].reduce((sum, index) => sum + (crashes[index]?.livedOnMs ?? 0), 0);
    const exposureMs = (evidence.jobs.get(jid)?.ms ?? 0) + livedOnMs;
    const inFlight = Float64Array.from(crashes, (_, index) => (at.has(index) ? 1 : 0));
    return [{ jid, jobClass, exposureS: exposureMs / 1000, inFlight, crashesInFlight: at.size }];
  });
}

function rowOf(rows: Map<string, Float64Array>, jobClass: string, length: number): Float64Array {
  const row = rows.get(jobClass) ?? new Float64Array(length);
  rows.set(jobClass, row);
  return row;
}
