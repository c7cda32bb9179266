import { expect, test } from 'vitest';
import { memoryPrior, memorySlopeT } from '../../../src/core/attribution/memory-slope.ts';
import { randomFrom } from './fleet.ts';

/** The t statistic as textbooks have it: slope over its standard error, here with n instead of n - 2. */
function textbookT(points: readonly (readonly [x: number, y: number])[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0) / n;
  return slope / Math.sqrt(residual / spread);
}

function fromTally(points: readonly (readonly [x: number, y: number])[]): number {
  const sum = (of: (x: number, y: number) => number) =>
    points.reduce((total, [x, y]) => total + of(2 * x, y), 0);
  return memorySlopeT(
    { intervals: points.length, y: sum((_, y) => y), yy: sum((_, y) => y * y) },
    { processMs: 0, x: sum((x) => x), xx: sum((x) => x * x), xy: sum((x, y) => x * y) },
  );
}

test('sums of a tally give the t statistic of the regression', () => {
  const random = randomFrom(5);
  const points = Array.from({ length: 200 }, () => {
    const x = Math.floor(4 * random()) / 2;
    return [x, Math.round(50 * x + 400 * random())] as const;
  });
  expect(fromTally(points)).toBeGreaterThan(3);
  expect(fromTally(points)).toBeCloseTo(textbookT(points), 6);
});

test('too few intervals, memory that stands still, or a class that always runs say nothing', () => {
  const many = Array.from({ length: 30 }, (_, beat) => beat);
  expect(fromTally(many.slice(0, 19).map((beat) => [beat % 2, beat % 2]))).toBe(0);
  expect(fromTally(many.map((beat) => [beat % 2, 7]))).toBe(0);
  expect(fromTally(many.map((beat) => [1, beat]))).toBe(0);
  expect([-5, 2, 5, 100].map(memoryPrior)).toEqual([1, 1, 4, 7]);
});
