import { counted, percent } from '../amounts.ts';
import type { Evidence } from '../attribution/evidence.ts';
import { judge } from '../attribution/verdict.ts';
import { code, say, type Text } from '../reply/text.ts';

/** What the watcher has seen of crashes, which reach further back than the samples do. */
export type Crashes = {
  /** For how long it has watched, an hour at most. */
  readonly overMs: number;
  readonly crashed: number;
  /** In an hour of the day before; undefined when less than an hour of it was watched. */
  readonly usualPerHour: number | undefined;
  readonly suspect:
    | { readonly jobClass: string; readonly p: number; readonly verdict: 'likely' | 'suspected' }
    | undefined;
};

const HOUR_MS = 3_600_000;

export function crashesIn(evidence: Evidence, nowMs: number): Crashes {
  const hourAgoMs = nowMs - HOUR_MS;
  const crashed = evidence.crashes.filter(({ atMs }) => atMs > hourAgoMs).length;
  const starts = [...evidence.buckets.values()].map(({ startMs }) => startMs);
  const watchedMs = starts.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...starts));
  const beforeMs = watchedMs - HOUR_MS;
  const before = evidence.crashes.length - crashed;
  return {
    overMs: Math.min(HOUR_MS, watchedMs),
    crashed,
    usualPerHour: beforeMs < HOUR_MS ? undefined : (before * HOUR_MS) / beforeMs,
    suspect: crashed === 0 ? undefined : suspectIn(evidence),
  };
}

function suspectIn(evidence: Evidence): Crashes['suspect'] {
  const verdict = judge(evidence);
  if (verdict.kind !== 'likely' && verdict.kind !== 'suspected') return undefined;
  const { jobClass, p } = verdict.suspect;
  return { jobClass, p, verdict: verdict.kind };
}

/** "9 crashes in the last hour, usually none; X is likely killing workers (97 %)". */
export function crashesPhrase({ overMs, crashed, usualPerHour, suspect }: Crashes): Text {
  const over = overMs < HOUR_MS ? `in ${counted(Math.round(overMs / 60_000), 'minute')}` : 'in the last hour';
  const usual = usualPerHour === undefined ? '' : `, usually ${usualWords(usualPerHour)}`;
  const seen = `${counted(crashed, 'crash', 'crashes')} ${over}${usual}`;
  return suspect === undefined ? say`${seen}` : say`${seen}; ${suspectPhrase(suspect)}`;
}

export function suspectPhrase({ jobClass, p, verdict }: NonNullable<Crashes['suspect']>): Text {
  const words = verdict === 'likely' ? 'is likely killing workers' : 'is suspected of killing workers';
  return say`${code(jobClass)} ${words} (${percent(p, 1)})`;
}

function usualWords(perHour: number): string {
  if (perHour === 0) return 'none';
  return perHour < 1 ? 'less than one' : String(Math.round(perHour));
}
