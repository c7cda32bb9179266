import type { Suspect } from './suspect.ts';
import { isLikely, suspectsOf, type Verdict } from './verdict.ts';

/**
 * What has been said about a class, so that it is said once:
 *
 *     (nothing) --likely--> announced --below 0.4--> corrected --certain--> announced
 *                                \--no crash for half an hour--> closed --likely again, at a new crash--> announced
 *
 * Between the thresholds nothing is said. What was taken back once comes back only when it is certain, so that belief
 * which swings makes no noise.
 */
export type Announcement = {
  readonly jobClass: string;
  readonly state: 'announced' | 'corrected' | 'closed';
  /** When the state was entered. */
  readonly atMs: number;
};

/** What is to be said now. */
export type AnnouncementStep =
  | { readonly kind: 'announce'; readonly suspect: Suspect }
  | { readonly kind: 'correct'; readonly jobClass: string }
  | { readonly kind: 'close'; readonly jobClass: string };

const CORRECT_BELOW = 0.4;
const QUIET_MS = 30 * 60_000;
/** As long as evidence is kept; after that nobody remembers what was said. */
const FORGET_MS = 24 * 3_600_000;

/** The announcements after a verdict, and what has to be said for that. */
export function stepAnnouncements(
  announcements: readonly Announcement[],
  verdict: Verdict,
  nowMs: number,
): { readonly announcements: readonly Announcement[]; readonly steps: readonly AnnouncementStep[] } {
  const suspects = suspectsOf(verdict);
  const steps: AnnouncementStep[] = [];
  const next = announcements.flatMap((said): Announcement[] => {
    const suspect = suspects.find(({ jobClass }) => jobClass === said.jobClass);
    const step = stepOf(said, suspect, verdict, nowMs);
    if (step !== undefined) {
      steps.push(step);
      return [{ jobClass: said.jobClass, state: STATE_AFTER[step.kind], atMs: nowMs }];
    }
    return said.state !== 'announced' && nowMs - said.atMs > FORGET_MS ? [] : [said];
  });
  for (const suspect of suspects) {
    const { jobClass } = suspect;
    if (verdict.kind === 'slow leak' || !isLikely(suspect) || next.some((said) => said.jobClass === jobClass))
      continue;
    steps.push({ kind: 'announce', suspect });
    next.push({ jobClass, state: 'announced', atMs: nowMs });
  }
  return { announcements: next, steps };
}

const STATE_AFTER = { announce: 'announced', correct: 'corrected', close: 'closed' } as const;

function stepOf(
  { jobClass, state, atMs }: Announcement,
  suspect: Suspect | undefined,
  verdict: Verdict,
  nowMs: number,
): AnnouncementStep | undefined {
  switch (state) {
    case 'announced':
      if (verdict.kind === 'no crash') return { kind: 'close', jobClass };
      if (suspect === undefined || suspect.p < CORRECT_BELOW) return { kind: 'correct', jobClass };
      return nowMs - suspect.lastCrashAtMs > QUIET_MS ? { kind: 'close', jobClass } : undefined;
    case 'corrected':
      return suspect?.isCertain ? { kind: 'announce', suspect } : undefined;
    case 'closed':
      return suspect !== undefined &&
        verdict.kind !== 'slow leak' &&
        isLikely(suspect) &&
        suspect.lastCrashAtMs > atMs
        ? { kind: 'announce', suspect }
        : undefined;
    default:
      return state satisfies never;
  }
}
