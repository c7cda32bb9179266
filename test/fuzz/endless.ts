import fc from 'fast-check';
import type { Target } from './targets.ts';

/** What a broken parser is to the fuzzer: one that never comes back, one that throws. */
export const TARGETS: readonly Target[] = [
  {
    name: 'endless',
    cases: fc.constantFrom('fine', 'fatal\ud800'),
    hold: (text) => {
      while (text !== 'fine');
    },
  },
  {
    name: 'throwing',
    cases: fc.constant('fatal'),
    hold: () => {
      throw new RangeError('no');
    },
  },
];
