import type { Verdict } from '../attribution/verdict.ts';
import type { Health } from '../health/assess.ts';
import type { AlertState } from './alert.ts';
import { seeBacklog } from './backlog.ts';
import { stepCrashLoop } from './crash-loop.ts';
import { seeFailing } from './failing.ts';
import { type Seen, stepLasting } from './lasting.ts';
import { stepLikelyClasses } from './likely-class.ts';
import { seeNoProcess } from './no-process.ts';
import { seeQueueStopped } from './queue-stopped.ts';
import { seeRedisFull, seeRedisRefuses } from './redis-trouble.ts';
import { seeStranded } from './stranded.ts';

/** What one look shows. */
export type AlertReading = { readonly verdict: Verdict; readonly health: Health };

/** As long as evidence is kept; after that nobody remembers what was said. */
const FORGET_MS = 24 * 3_600_000;

/** Every kind of trouble that is seen at each look and believed when it lasts. */
const LASTING: readonly ((health: Health) => Seen)[] = [
  seeRedisRefuses,
  seeNoProcess,
  seeQueueStopped,
  seeBacklog,
  seeFailing,
  seeRedisFull,
  ({ losses }) => seeStranded(losses.stranded),
];

/**
 * The alerts after a look. Each kind of trouble has two thresholds or a time to wait, so that what swings makes no
 * noise; a deploy, which is clean stops, is none of them.
 */
export function stepAlerts(
  { alerts }: AlertState,
  { verdict, health }: AlertReading,
  nowMs: number,
): AlertState {
  const kept = alerts.filter(
    ({ phase, phaseAtMs }) => phase === 'open' || phase === 'pending' || nowMs - phaseAtMs < FORGET_MS,
  );
  const looped = stepCrashLoop(kept, verdict, nowMs);
  const named = stepLikelyClasses(looped, verdict, nowMs);
  return { alerts: LASTING.reduce((all, see) => stepLasting(all, see(health), nowMs), named) };
}
