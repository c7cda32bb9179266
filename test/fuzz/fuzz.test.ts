import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TARGETS } from './targets.ts';

/** A short walk; `npm run -s fuzz` goes 200,000 cases with each. */
const RUNS = 3000;

test.each(TARGETS)('$name: nothing that is written breaks its reader', ({ cases, hold }) => {
  fc.assert(fc.property(cases, hold), { numRuns: RUNS });
  expect(fc.sample(cases, 1)).toHaveLength(1);
});
