import { crashEvents } from '../attribution/crash-event.ts';
import type { LostProcess, Verdict } from '../attribution/verdict.ts';
import { verdictSentences } from '../attribution/verdict-sentences.ts';
import { type Alert, withAlert } from './alert.ts';
import type { TroubleOf } from './trouble.ts';

const KEY = 'crash loop';
/** One node that goes takes several processes along; three events within minutes are no accident. */
const LOOP_EVENTS = 3;
const LOOP_WITHIN_MS = 10 * 60_000;
/** Longer than the pause that any container platform makes between restarts (at most five minutes). */
const CALM_MS = 15 * 60_000;

/** Opens at three crash events within ten minutes, closes after a quarter of an hour without any. */
export function stepCrashLoop(alerts: readonly Alert[], verdict: Verdict, nowMs: number): readonly Alert[] {
  const crashes = verdict.kind === 'no crash' ? [] : verdict.crashes;
  const last = alerts.find(({ key }) => key === KEY);
  if (last?.phase === 'open') return withAlert(alerts, goOn(last, crashes, verdict, nowMs));
  // Those of a loop that is over count no more.
  const fresh = crashes.filter(
    ({ atMs }) => atMs > nowMs - LOOP_WITHIN_MS && atMs > (last?.phaseAtMs ?? Number.NEGATIVE_INFINITY),
  );
  if (new Set(crashEvents(fresh).events).size < LOOP_EVENTS) return alerts;
  const sinceMs = Math.min(...fresh.map(({ atMs }) => atMs));
  return withAlert(alerts, {
    key: KEY,
    phase: 'open',
    trouble: loopOf(fresh, verdict),
    sinceMs,
    phaseAtMs: nowMs,
  });
}

function goOn(open: Alert, all: readonly LostProcess[], verdict: Verdict, nowMs: number): Alert {
  const crashes = all.filter(({ atMs }) => atMs >= open.sinceMs);
  // All taken back: the processes beat again.
  if (crashes.length === 0) return { ...open, phase: 'corrected', phaseAtMs: nowMs };
  const trouble = loopOf(crashes, verdict);
  const isCalm = nowMs - trouble.lastCrashAtMs > CALM_MS;
  return { ...open, trouble, ...(isCalm ? { phase: 'closed', phaseAtMs: nowMs } : {}) };
}

function loopOf(crashes: readonly LostProcess[], verdict: Verdict): TroubleOf<'crash loop'> {
  const names = verdict.kind === 'likely' || verdict.kind === 'suspected';
  return {
    kind: 'crash loop',
    crashes: crashes.length,
    hosts: new Set(crashes.map(({ host }) => host)).size,
    lastCrashAtMs: Math.max(...crashes.map(({ atMs }) => atMs)),
    suspicion: names ? verdictSentences(verdict)[0] : undefined,
  };
}
