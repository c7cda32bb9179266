import type { Clue, ClueSource } from '../clue.ts';
import type { Counts } from '../traces.ts';

/** Fewer than this happens to innocents that shared a crash or two (performance.md 7). */
const SEVERAL = 3;

/** Jobs that come back from dead processes again and again, until a rule gives them up. */
export const recurringJobs: ClueSource = {
  name: 'recurring jobs',
  cluesIn: ({ interruptedSet, rescuedJobs, deadWithoutError }) => [
    ...most(interruptedSet, 2, (count) => `${count} of its jobs were given up after interruptions`),
    ...most(rescuedJobs, 2, (count) => `${count} waiting jobs of it were rescued from dead processes`),
    // Jobs killed by hand out of the scheduled set look the same (reference 6.4).
    ...most(deadWithoutError, 1, (count) => `${count} of its jobs are in the dead set without any error`),
  ],
};

/** The class that leads such a count, if it leads clearly. */
function most(counts: Counts, weight: 1 | 2, sentence: (count: number) => string): readonly Clue[] {
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] < SEVERAL || first[1] < 2 * (second?.[1] ?? 0)) return [];
  return [{ jobClass: first[0], weight, sentence: sentence(first[1]) }];
}
