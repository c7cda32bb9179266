import { counted, duration } from '../amounts.ts';
import type { Crash } from '../attribution/crash.ts';
import type { Account } from '../suspects/account.ts';

/** What is watched is known to the minute. */
const BLUR_MS = 60_000;

/** Those that may have died in that time: of a crash the last beat is known, and up to one interval later it was over. */
export function countCrashes(
  crashes: readonly Pick<Crash, 'atMs' | 'livedOnMs'>[],
  fromMs: number,
  toMs = Number.POSITIVE_INFINITY,
): number {
  return crashes.filter(({ atMs, livedOnMs }) => atMs + 2 * livedOnMs >= fromMs && atMs < toMs).length;
}

/** "In the 5 min since the first went back, 2 workers crashed.", and for how much of it nobody watched. */
export function crashedSince(
  { crashes, watched }: Pick<Account, 'crashes' | 'watched'>,
  fromMs: number,
  nowMs: number,
): string {
  const lastedMs = Math.max(0, nowMs - fromMs);
  const since = `In the ${duration(lastedMs)} since the first went back`;
  if (watched === undefined) return `${since}, nobody watched whether workers crashed.`;
  const count = `${since}, ${counted(countCrashes(crashes, fromMs), 'worker')} crashed`;
  const watchedMs = Math.max(0, Math.min(nowMs, watched.toMs) - Math.max(fromMs, watched.fromMs));
  const unwatchedMs = lastedMs - watchedMs;
  return unwatchedMs <= BLUR_MS
    ? `${count}.`
    : `${count}; for ${duration(unwatchedMs)} of it nobody watched.`;
}
