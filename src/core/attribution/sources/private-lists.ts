import type { ClueSource } from '../clue.ts';

/**
 * A private list of a dead process holds exactly what it died with (reference 4.5), so the class that lies in most of
 * them stands out, unless it runs everywhere anyway: that is why even all of them weigh no more than 3.
 */
export const privateLists: ClueSource = {
  name: 'private lists',
  cluesIn: ({ strandedLists }) => {
    const lists = strandedLists.length;
    const inLists = new Map<string, number>();
    for (const { classes } of strandedLists) {
      for (const jobClass of classes.keys()) inLists.set(jobClass, (inLists.get(jobClass) ?? 0) + 1);
    }
    return [...inLists].flatMap(([jobClass, found]) => {
      if (found * 2 < lists) return [];
      const weight = lists >= 3 && found === lists ? 3 : lists >= 2 ? 2 : 1;
      return [{ jobClass, weight, sentence: `lies in ${found} of ${lists} private lists of dead processes` }];
    });
  },
};
