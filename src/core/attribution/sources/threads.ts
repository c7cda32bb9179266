import type { Clue, ClueSource } from '../clue.ts';

/** Under reliable_fetch the killer ends up in all threads, because each restart runs it first (reference 5.1). */
const NEARLY_ALL = 0.8;
const FEW_THREADS = 4;

export const threads: ClueSource = {
  name: 'threads',
  cluesIn: ({ snapshot }) => {
    const alive = snapshot.processes.filter(({ state }) => state === 'alive');
    const isYoung =
      alive.length > 0 && alive.every((process) => isYounger(process.startedAtMs, snapshot.takenAtMs));
    const identities = new Set(alive.map(({ identity }) => identity));
    const works = snapshot.works.filter(({ identity }) => identities.has(identity));
    if (works.length < FEW_THREADS) return [];
    return [...Map.groupBy(works, ({ jobClass }) => jobClass ?? '')].flatMap(([jobClass, held]): Clue[] => {
      if (jobClass === '' || held.length < NEARLY_ALL * works.length) return [];
      const all = `holds ${held.length} of ${works.length} busy threads`;
      return isYoung
        ? [
            {
              jobClass,
              weight: 2,
              sentence: `${all}, and every process is younger than five minutes`,
            },
          ]
        : [{ jobClass, weight: 1, sentence: all }];
    });
  },
};

const YOUNG_MS = 5 * 60_000;

function isYounger(startedAtMs: number | undefined, nowMs: number): boolean {
  return startedAtMs !== undefined && nowMs - startedAtMs < YOUNG_MS;
}
