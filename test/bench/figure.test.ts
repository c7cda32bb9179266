import { expect, test } from 'vitest';
import { type Figure, isMet, lineOf, ofRounds, ratios } from '../../bench/figure.ts';

const barred = (rounds: readonly number[]): Figure => ({
  what: 'against bare reading',
  ...ofRounds(rounds),
  unit: 'x',
  atMost: 4,
});

test('a figure of some rounds is their middle, says how far they lie apart, and is held to its bar by the middle', () => {
  expect(lineOf(barred([3, 9, 3.5]))).toMatch(
    /^against bare reading +3\.50 x {2}\(3\.00 to 9\.00 of 3\) {2}at most 4 x {2}met$/,
  );
  expect(isMet(barred([3, 9, 4.1]))).toBe(false);
  expect(lineOf(barred([3, 9, 4.1]))).toMatch(/MISSED$/);
});

test('a figure of one round has no spread, and counts are whole', () => {
  expect(lineOf({ what: 'one', ...ofRounds([1.5]), unit: 'ms' })).toMatch(/^one +1\.50 ms$/);
  expect(lineOf({ what: 'some', ...ofRounds([0, 2, 1]), unit: 'commands' })).toMatch(
    /^some +1 commands {2}\(0 to 2 of 3\)$/,
  );
});

test('a ratio is of the same round on both sides: a busy moment that meets both changes nothing', () => {
  expect(ofRounds(ratios([30, 300, 33], [10, 100, 10]))).toEqual({
    value: 3,
    spread: { least: 3, most: 3.3, rounds: 3 },
  });
});
