import type { Verdict } from '../attribution/verdict.ts';
import { type AlertState, NO_ALERTS } from './alert.ts';
import { stepCrashLoop } from './crash-loop.ts';
import { stepLikelyClasses } from './likely-class.ts';
import { stepStranded } from './stranded.ts';

/** What one look shows. */
export type AlertReading = {
  readonly verdict: Verdict;
  readonly stranded: { readonly jobs: number; readonly lists: number };
};

/** As long as evidence is kept; after that nobody remembers what was said. */
const FORGET_MS = 24 * 3_600_000;

/**
 * The alerts after a look. Each kind of trouble has two thresholds or a time to wait, so that what swings makes no
 * noise; a deploy, which is clean stops, is none of them.
 */
export function stepAlerts(state: AlertState, reading: AlertReading, nowMs: number): AlertState {
  const { verdict, stranded } = reading;
  const kept = state.alerts.filter(
    ({ phase, phaseAtMs }) => phase === 'open' || nowMs - phaseAtMs < FORGET_MS,
  );
  const looped = stepCrashLoop(kept, verdict, nowMs);
  const named = stepLikelyClasses(looped, verdict, nowMs);
  return stepStranded({ ...NO_ALERTS, ...state, alerts: named }, stranded, nowMs);
}
