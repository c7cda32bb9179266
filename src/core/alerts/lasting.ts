import { type Alert, withAlert } from './alert.ts';
import { type Trouble, withWorst } from './trouble.ts';

/** What one look shows of one kind of trouble, and how long it must last to be believed. */
export type Seen = {
  readonly key: string;
  /** Its numbers; undefined where there are none to show. */
  readonly trouble: Trouble | undefined;
  /** bad: as it must be to begin. calm: as it must be to end. Between the two all stays as it was. */
  readonly state: 'bad' | 'between' | 'calm';
  readonly openAfterMs: number;
  readonly closeAfterMs: number;
};

/** Before it is told, a trouble that has vanished for as long has not been one. */
const FORGET_PENDING_MS = 60_000;

/** The life of a trouble that is seen at each look: it opens when it has lasted, and closes when calm has lasted. */
export function stepLasting(alerts: readonly Alert[], seen: Seen, nowMs: number): readonly Alert[] {
  const last = alerts.find(({ key }) => key === seen.key);
  if (last?.phase === 'open') return withAlert(alerts, goOn(last, seen, nowMs));
  if (last?.phase === 'pending') return stepPending(alerts, last, seen, nowMs);
  if (seen.state !== 'bad' || seen.trouble === undefined) return alerts;
  const { key, trouble, openAfterMs } = seen;
  const phase = openAfterMs <= 0 ? ('open' as const) : ('pending' as const);
  return withAlert(alerts, { key, phase, trouble, sinceMs: nowMs, phaseAtMs: nowMs });
}

function stepPending(alerts: readonly Alert[], pending: Alert, seen: Seen, nowMs: number): readonly Alert[] {
  const calmSinceMs = seen.state === 'bad' ? pending.calmSinceMs : (pending.calmSinceMs ?? nowMs);
  if (calmSinceMs !== undefined && nowMs - calmSinceMs >= FORGET_PENDING_MS) {
    const others = alerts.filter((alert) => alert !== pending);
    return stepLasting(others, seen, nowMs);
  }
  if (seen.state !== 'bad') return withAlert(alerts, { ...pending, calmSinceMs });
  const hasLasted = nowMs - pending.sinceMs >= seen.openAfterMs;
  return withAlert(alerts, {
    ...pending,
    trouble: troubleNow(pending, seen),
    calmSinceMs: undefined,
    ...(hasLasted ? { phase: 'open', phaseAtMs: nowMs } : {}),
  });
}

function goOn(open: Alert, seen: Seen, nowMs: number): Alert {
  if (seen.state !== 'calm') return { ...open, trouble: troubleNow(open, seen), calmSinceMs: undefined };
  const calmSinceMs = open.calmSinceMs ?? nowMs;
  return nowMs - calmSinceMs >= seen.closeAfterMs
    ? { ...open, calmSinceMs, phase: 'closed', phaseAtMs: nowMs }
    : { ...open, calmSinceMs };
}

function troubleNow({ trouble }: Alert, seen: Seen): Trouble {
  return seen.trouble === undefined ? trouble : withWorst(trouble, seen.trouble);
}
