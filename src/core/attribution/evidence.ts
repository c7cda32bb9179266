import { type Bucket, bucketAt, forgetBuckets } from './bucket.ts';
import { growthOf } from './climb.ts';
import type { Crash } from './crash.ts';
import { forgetJobs, type JobRun, rememberJobs } from './job-run.ts';
import type { Beat, HarmlessEnd, Observation, ProcessCrashed, ProcessSeen } from './observation.ts';
import { addTo } from './tally.ts';
import { countBeat, noteBeat, stratumOf, type WatchedProcess } from './watched-process.ts';

/**
 * All that is remembered of one sidekiq: a rolling day of exposure and crashes, and the processes that live now. Its
 * owner hands it to `observe` and nobody else changes it; `summarise` turns it into numbers, `freeze` into JSON.
 */
export type Evidence = {
  readonly processes: Map<string, WatchedProcess>;
  readonly buckets: Map<number, Bucket>;
  /** In the order in which they were noticed. */
  crashes: readonly Crash[];
  /** By job id, the least recently seen first. */
  readonly jobs: Map<string, JobRun>;
  /** The latest time that was observed. */
  nowMs: number;
};

/** Sidekiq 7 beats every 10 s, older ones every 5 s; a longer gap is a beat that was missed. */
const LONGEST_BEAT_MS = 10_000;
const DAY_MS = 24 * 3_600_000;
/** More crashes than this add nothing to a verdict but time. */
const MOST_CRASHES = 200;

export function startEvidence(): Evidence {
  return { processes: new Map(), buckets: new Map(), crashes: [], jobs: new Map(), nowMs: 0 };
}

/** Takes one observation into account. What makes no sense (a beat of an unknown process) is passed over. */
export function observe(evidence: Evidence, observation: Observation): void {
  switch (observation.kind) {
    case 'process seen':
      observeProcess(evidence, observation);
      return;
    case 'beat':
      observeBeat(evidence, observation);
      return;
    case 'process ended':
      observeEnd(evidence, observation.identity, observation.how);
      return;
    case 'process crashed':
      observeCrash(evidence, observation);
      return;
    case 'crash retracted':
      retractCrash(evidence, observation.identity);
      return;
    case 'termination told': {
      const { identity, reason, exitCode } = observation;
      evidence.crashes = evidence.crashes.map((crash) =>
        crash.identity === identity ? { ...crash, termination: { reason, exitCode } } : crash,
      );
      return;
    }
    case 'window reset':
      evidence.buckets.clear();
      evidence.jobs.clear();
      evidence.crashes = [];
      return;
    default:
      observation satisfies never;
  }
}

function observeProcess(evidence: Evidence, seen: ProcessSeen): void {
  if (!evidence.processes.has(seen.identity)) begin(evidence, { ...seen, stratum: stratumOf(seen) });
}

function observeBeat(evidence: Evidence, beat: Beat): void {
  const process = evidence.processes.get(beat.identity);
  const last = process?.lastBeat;
  if (process === undefined || (last !== undefined && beat.atMs <= last.atMs)) return;
  const bucket = bucketAt(evidence.buckets, beat.atMs);
  if (beat.atMs > evidence.nowMs) advance(evidence, beat.atMs);
  const countedMs = countBeat(bucket.tally, process, beat);
  bucket.tally.newJobs += rememberJobs(evidence.jobs, beat.inFlight, countedMs, beat.atMs);
  noteBeat(process, beat);
}

/** Counted at its last beat, as crashes are. */
function observeEnd(evidence: Evidence, identity: string, how: HarmlessEnd): void {
  const process = evidence.processes.get(identity);
  if (process === undefined) return;
  evidence.processes.delete(identity);
  const atMs = process.lastBeat?.atMs ?? evidence.nowMs;
  addTo(bucketAt(evidence.buckets, atMs).tally.ends, how, 1);
}

function observeCrash(evidence: Evidence, crashed: ProcessCrashed): void {
  const process = evidence.processes.get(crashed.identity);
  if (process === undefined) return;
  evidence.processes.delete(crashed.identity);
  const { identity, host, stratum, concurrency, startedAtMs, lastBeat, climb, stretches } = process;
  const atMs = crashed.lastBeatAtMs;
  const seen = new Map(lastBeat?.inFlight.map((job) => [job.jid, job]));
  // Private lists do not say since when a job ran; the last beat may.
  const left = crashed.left?.map((job) => ({ ...seen.get(job.jid), ...job }));
  const inFlight = left ?? lastBeat?.inFlight ?? [];
  const rssKb = lastBeat?.rssKb;
  const grewKb = [...stretches].map(([jobClass, fromKb]) => [jobClass, (rssKb ?? fromKb) - fromKb] as const);
  const growth = growthOf(climb, atMs);
  const livedOnMs = Math.min(LONGEST_BEAT_MS, lastBeat?.gapMs ?? LONGEST_BEAT_MS) / 2;
  const about = { identity, host, stratum, concurrency, startedAtMs };
  const crash = { ...about, atMs, livedOnMs, inFlight, rssKb, growth, grewKb };
  evidence.crashes = [...evidence.crashes, crash].slice(-MOST_CRASHES);
  bucketAt(evidence.buckets, atMs).tally.newJobs += rememberJobs(evidence.jobs, inFlight, 0, atMs);
}

/** The process lives; it counts again from its next beat on. */
function retractCrash(evidence: Evidence, identity: string): void {
  const crash = evidence.crashes.find((one) => one.identity === identity);
  if (crash === undefined) return;
  evidence.crashes = evidence.crashes.filter((one) => one !== crash);
  begin(evidence, crash);
}

/** Nothing of it has been counted yet. */
function begin(evidence: Evidence, known: Omit<WatchedProcess, 'climb' | 'stretches'>): void {
  const { identity, host, stratum, concurrency, startedAtMs } = known;
  evidence.processes.set(identity, {
    identity,
    host,
    stratum,
    concurrency,
    startedAtMs,
    climb: [],
    stretches: new Map(),
  });
}

/** Forgets what is too old, once a minute of observed time. */
function advance(evidence: Evidence, nowMs: number): void {
  const isNewMinute = Math.floor(nowMs / 60_000) > Math.floor(evidence.nowMs / 60_000);
  evidence.nowMs = nowMs;
  if (!isNewMinute) return;
  forgetBuckets(evidence.buckets, nowMs, DAY_MS);
  evidence.crashes = evidence.crashes.filter(({ atMs }) => atMs > nowMs - DAY_MS);
  forgetJobs(evidence.jobs, nowMs, evidence.crashes);
}
