import { type Announcement, stepAnnouncements } from '../attribution/announcement.ts';
import type { Suspect } from '../attribution/suspect.ts';
import { suspectsOf, type Verdict } from '../attribution/verdict.ts';
import { type Alert, withAlert } from './alert.ts';
import type { TroubleOf } from './trouble.ts';

/** What is said about classes, by the rules of attribution/announcement.ts. */
export function stepLikelyClasses(
  alerts: readonly Alert[],
  verdict: Verdict,
  nowMs: number,
): readonly Alert[] {
  const { steps } = stepAnnouncements(alerts.flatMap(announcementOf), verdict, nowMs);
  const current = suspectsOf(verdict).reduce((all, suspect) => refreshed(all, suspect, verdict), alerts);
  return steps.reduce((all, step) => {
    if (step.kind === 'announce') return announced(all, step.suspect, verdict, nowMs);
    const alert = all.find(({ key }) => key === keyOf(step.jobClass));
    if (alert === undefined) return all;
    const phase = step.kind === 'close' ? ('closed' as const) : ('corrected' as const);
    return withAlert(all, { ...alert, phase, phaseAtMs: nowMs });
  }, current);
}

const keyOf = (jobClass: string): string => `likely class ${jobClass}`;

function announcementOf({ phase, trouble, phaseAtMs }: Alert): readonly Announcement[] {
  if (trouble.kind !== 'likely class' || phase === 'pending') return [];
  const state = phase === 'open' ? ('announced' as const) : phase;
  return [{ jobClass: trouble.jobClass, state, atMs: phaseAtMs }];
}

/** What was only taken back goes on where it was; what was over begins anew. */
function announced(
  alerts: readonly Alert[],
  suspect: Suspect,
  verdict: Verdict,
  nowMs: number,
): readonly Alert[] {
  const key = keyOf(suspect.jobClass);
  const before = alerts.find((alert) => alert.key === key);
  const sinceMs = before?.phase === 'corrected' ? before.sinceMs : nowMs;
  return withAlert(alerts, {
    key,
    phase: 'open',
    trouble: troubleOf(suspect, verdict),
    sinceMs,
    phaseAtMs: nowMs,
  });
}

/** The newest numbers of what is open. */
function refreshed(alerts: readonly Alert[], suspect: Suspect, verdict: Verdict): readonly Alert[] {
  const open = alerts.find(({ key, phase }) => phase === 'open' && key === keyOf(suspect.jobClass));
  return open === undefined ? alerts : withAlert(alerts, { ...open, trouble: troubleOf(suspect, verdict) });
}

function troubleOf(suspect: Suspect, verdict: Verdict): TroubleOf<'likely class'> {
  const { jobClass, p, crashes, workShare, cost } = suspect;
  return {
    kind: 'likely class',
    jobClass,
    p,
    crashes,
    allCrashes: verdict.kind === 'no crash' ? crashes : verdict.crashes.length,
    workShare,
    threadsLost: cost.threadsLost,
    innocentsKilled: cost.innocentsKilled,
  };
}
