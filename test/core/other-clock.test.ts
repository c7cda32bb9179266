import { expect, test } from 'vitest';
import { aheadOfSteadyMs } from '../../src/core/other-clock.ts';

/** The other clock says 1 000 000 when ours says 0; whole seconds only. */
const heard = (askedAtMs: number, answeredAtMs: number, offMs = 0) => ({
  askedAtMs,
  answeredAtMs,
  saidMs: Math.floor((1_000_000 + answeredAtMs + offMs) / 1000) * 1000,
  coarseMs: 1000,
});

test('the first answer is taken in its middle, and each further one makes it truer', () => {
  let known = aheadOfSteadyMs(undefined, heard(0, 200));
  expect(known).toBe(1_000_400);
  for (const atMs of [700, 1950, 3100, 4020, 5999]) known = aheadOfSteadyMs(known, heard(atMs - 20, atMs));
  expect(Math.abs(known - 1_000_000)).toBeLessThan(100);
});

test('an answer that took long moves nothing that may be true', () => {
  expect(aheadOfSteadyMs(1_000_000, heard(0, 30_000))).toBe(1_000_000);
});

test('a clock that was set is followed at once, forth and back', () => {
  for (const offMs of [3_600_000, -3_600_000]) {
    const known = aheadOfSteadyMs(1_000_000, heard(0, 10, offMs));
    expect(Math.abs(known - 1_000_000 - offMs)).toBeLessThanOrEqual(1010);
  }
});
