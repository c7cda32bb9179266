import type { Scene } from './traces.ts';

/**
 * A sign that points to a class, found without having seen a crash. It has no probability: nobody knows how long these
 * classes ran without harm. So it is weighed in words and gives way to what is seen live.
 */
export type Clue = {
  readonly jobClass: string;
  readonly weight: 1 | 2 | 3;
  /** For people, without the class: "lies in private lists of 4 of 4 dead processes". */
  readonly sentence: string;
};

export interface ClueSource {
  readonly name: string;
  cluesIn(scene: Scene): readonly Clue[];
}
