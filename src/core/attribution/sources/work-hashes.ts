import type { ClueSource } from '../clue.ts';

/**
 * The last work list of a process that beats no more. It is a beat old when the process dies, so a job that kills within
 * seconds is often missing from it (reference 4.5).
 */
export const workHashes: ClueSource = {
  name: 'last work hash',
  cluesIn: ({ snapshot }) => {
    const silent = new Set(
      snapshot.processes.filter(({ state }) => state === 'silent').map(({ identity }) => identity),
    );
    const processesBy = new Map<string, Set<string>>();
    for (const { identity, jobClass } of snapshot.works) {
      if (jobClass === undefined || !silent.has(identity)) continue;
      processesBy.set(jobClass, (processesBy.get(jobClass) ?? new Set()).add(identity));
    }
    return [...processesBy].flatMap(([jobClass, { size }]) =>
      size >= 2 && size * 2 > silent.size
        ? [
            {
              jobClass,
              weight: 1 as const,
              sentence: `was running in ${size} of ${silent.size} processes that went silent`,
            },
          ]
        : [],
    );
  },
};
