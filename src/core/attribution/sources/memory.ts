import type { Clue, ClueSource } from '../clue.ts';

/** Processes with the class must hold this many times the memory of those without. */
const TIMES_AS_MUCH = 1.5;
/** One large process proves nothing. */
const FEW = 2;

/**
 * Where processes that run a class hold much more memory than the others. How memory grows while it runs is known only
 * to who watches (attribution.md, The model); this is what one look can tell.
 */
export const memory: ClueSource = {
  name: 'memory',
  cluesIn: ({ snapshot }) => {
    const sizes = new Map(
      snapshot.processes.flatMap(({ identity, state, rssBytes }) =>
        state === 'alive' && rssBytes !== undefined ? [[identity, rssBytes] as const] : [],
      ),
    );
    const classes = Map.groupBy(
      snapshot.works.filter(({ identity, jobClass }) => jobClass !== undefined && sizes.has(identity)),
      ({ jobClass }) => jobClass ?? '',
    );
    return [...classes].flatMap(([jobClass, works]): Clue[] => {
      const running = new Set(works.map(({ identity }) => identity));
      const withIt = [...sizes].filter(([identity]) => running.has(identity)).map(([, bytes]) => bytes);
      const without = [...sizes].filter(([identity]) => !running.has(identity)).map(([, bytes]) => bytes);
      if (withIt.length < FEW || without.length < FEW) return [];
      const times = median(withIt) / Math.max(1, median(without));
      if (times < TIMES_AS_MUCH) return [];
      const sentence = `its processes hold ${times.toFixed(1)} times the memory of the others`;
      return [{ jobClass, weight: 1, sentence }];
    });
  },
};

function median(sizes: readonly number[]): number {
  return sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
}
