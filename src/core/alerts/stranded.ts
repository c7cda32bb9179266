import { type AlertState, withAlert } from './alert.ts';

const KEY = 'stranded jobs';
/** Fetchers that rescue do so within minutes of a restart; what lies longer waits for people. */
const OPEN_AFTER_MS = 5 * 60_000;
/** Between a rescue and the next death a list is empty for moments. */
const CLOSE_AFTER_MS = 5 * 60_000;

/** Opens when jobs have lain with dead owners for minutes, closes when none has for as long. */
export function stepStranded(
  state: AlertState,
  { jobs, lists }: { readonly jobs: number; readonly lists: number },
  nowMs: number,
): AlertState {
  const strandedSinceMs = jobs > 0 ? (state.strandedSinceMs ?? nowMs) : undefined;
  const clearSinceMs = jobs > 0 ? undefined : (state.clearSinceMs ?? nowMs);
  const last = state.alerts.find(({ key }) => key === KEY);
  const next = { strandedSinceMs, clearSinceMs };
  if (last?.phase === 'open' && last.trouble.kind === KEY) {
    const isOver = clearSinceMs !== undefined && nowMs - clearSinceMs >= CLOSE_AFTER_MS;
    const trouble = { ...last.trouble, jobs, lists, mostJobs: Math.max(jobs, last.trouble.mostJobs) };
    const phase = isOver ? { phase: 'closed' as const, phaseAtMs: nowMs } : {};
    return { ...next, alerts: withAlert(state.alerts, { ...last, trouble, ...phase }) };
  }
  if (strandedSinceMs === undefined || nowMs - strandedSinceMs < OPEN_AFTER_MS)
    return { ...next, alerts: state.alerts };
  const trouble = { kind: 'stranded jobs' as const, jobs, lists, mostJobs: jobs };
  const opened = {
    key: KEY,
    phase: 'open' as const,
    trouble,
    sinceMs: strandedSinceMs,
    phaseAtMs: nowMs,
  };
  return { ...next, alerts: withAlert(state.alerts, opened) };
}
