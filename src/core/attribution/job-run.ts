import type { Crash } from './crash.ts';
import type { JobInFlight } from './observation.ts';

/** For how long one job id was in flight, over all its runs, from its first sight on. */
export type JobRun = { ms: number; seenAtMs: number };

const FORGET_MS = 2 * 3_600_000;
/**
 * A large fleet of short jobs shows a thousand new ids a second. A bad job comes back within minutes, so the memory for
 * ids is bounded and the ids unseen for longest go first.
 */
const MOST_JOBS = 20_000;

/** Adds `ms` to each job in flight and returns how many ids were new. Keeps the map in order of last sight. */
export function rememberJobs(
  jobs: Map<string, JobRun>,
  inFlight: readonly JobInFlight[],
  ms: number,
  atMs: number,
): number {
  let added = 0;
  for (const { jid } of inFlight) {
    const known = jobs.get(jid);
    if (known === undefined) added++;
    jobs.delete(jid);
    jobs.set(jid, { ms: (known?.ms ?? 0) + ms, seenAtMs: Math.max(atMs, known?.seenAtMs ?? atMs) });
  }
  return added;
}

/** Forgets ids that were not seen for two hours, or are too many, unless they were in flight at a crash. */
export function forgetJobs(jobs: Map<string, JobRun>, nowMs: number, crashes: readonly Crash[]): void {
  const kept = new Set(crashes.flatMap(({ inFlight }) => inFlight.map(({ jid }) => jid)));
  for (const [jid, { seenAtMs }] of jobs) {
    if (seenAtMs > nowMs - FORGET_MS && jobs.size <= MOST_JOBS) return;
    if (!kept.has(jid)) jobs.delete(jid);
  }
}
