import { counted } from '../../amounts.ts';
import { usuallyPhrase } from '../../history/phrases.ts';
import { isUnusual, usualLimit } from '../../history/unusual.ts';
import { say } from '../../reply/text.ts';
import type { Figures, Reason } from '../reason.ts';
import { SOON_EMPTY_MS } from '../thresholds.ts';

/** So many times what would still pass as usual is an incident, not a busy hour; a weekday never seen may have work of its own. */
const FAR_BEYOND = 10;

/** Is it more than at this hour of other weeks? */
export function unusualReasons({ waiting }: Figures): readonly Reason[] {
  const { jobs, usual, motion } = waiting;
  if (usual === undefined || !isUnusual({ kind: 'waiting' }, jobs, usual)) return [];
  const isDraining = motion.type === 'draining';
  if (isDraining && motion.emptyInMs <= SOON_EMPTY_MS) return [];
  const isFar = jobs > FAR_BEYOND * usualLimit({ kind: 'waiting' }, usual);
  return [
    {
      code: 'backlog_unusual',
      tone: isFar && !isDraining && usual.knowsWeekday ? 'bad' : 'warning',
      text: say`${counted(jobs, 'job waits', 'jobs wait')}, ${usuallyPhrase(usual)}.`,
      detail: undefined,
      subjects: [],
    },
  ];
}
