import { SOURCES } from './sources/index.ts';
import type { Scene } from './traces.ts';

/** A class with its clues, the heaviest first. */
export type Hint = {
  readonly jobClass: string;
  readonly weight: number;
  readonly sentences: readonly string[];
};

/** Classes by the weight of what points to them; those that only one light sign names are left out. */
export function hintsIn(scene: Scene): readonly Hint[] {
  const clues = SOURCES.flatMap((source) => source.cluesIn(scene));
  return [...Map.groupBy(clues, (clue) => clue.jobClass)]
    .map(([jobClass, found]) => ({
      jobClass,
      weight: found.reduce((sum, clue) => sum + clue.weight, 0),
      sentences: found.map((clue) => clue.sentence),
    }))
    .filter(({ weight }) => weight > 1)
    .sort((a, b) => b.weight - a.weight || (a.jobClass < b.jobClass ? -1 : 1));
}
