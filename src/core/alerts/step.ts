import type { Verdict } from '../attribution/verdict.ts';
import type { Health } from '../health/assess.ts';
import type { Alert, AlertState } from './alert.ts';
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
  const kept = alerts
    .filter(
      ({ phase, phaseAtMs }) => phase === 'open' || phase === 'pending' || nowMs - phaseAtMs < FORGET_MS,
    )
    .map((alert) => notOfTheFuture(alert, nowMs));
  const looped = stepCrashLoop(kept, verdict, nowMs);
  const named = stepLikelyClasses(looped, verdict, nowMs);
  return { alerts: LASTING.reduce((all, see) => stepLasting(all, see(health), nowMs), named) };
}

/**
 * Redis's clock steps back when somebody sets it, or after a failover. What waits to have lasted, or to have been calm, begins
 * to wait anew then; else it would wait for as long as the step was. What is open keeps its beginning, which is its name.
 */
function notOfTheFuture(alert: Alert, nowMs: number): Alert {
  const { phase, sinceMs, calmSinceMs } = alert;
  return {
    ...alert,
    ...(phase === 'pending' ? { sinceMs: Math.min(sinceMs, nowMs) } : {}),
    ...(calmSinceMs === undefined ? {} : { calmSinceMs: Math.min(calmSinceMs, nowMs) }),
  };
}
