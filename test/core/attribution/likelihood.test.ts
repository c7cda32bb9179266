import { expect, test } from 'vitest';
import { likelihoodOf, logSumExp } from '../../../src/core/attribution/likelihood.ts';

const BACKGROUNDS = [0, 1, 2, 3, 4, 5].map((step) => (0.0025 * 2000 ** (step / 5)) / 3600);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two strata, three crashes, two of which are one event: small enough to be multiplied out without logarithms. */
const WEIGHTS = [1, 0.5, 0.5];
const STRATUM = [0, 1, 1];
const STRATA_S = [3600, 7200];
const COVARIATE = [2, 0, 1];
const EXPOSURE_S = 290;
const DEATHS = {
  weights: Float64Array.from(WEIGHTS),
  stratumOf: Int32Array.from(STRATUM),
  strataS: Float64Array.from(STRATA_S),
};

function multipliedOut(rate: number, explained: readonly number[], reliance: number): number {
  const byStratum = STRATA_S.map((seconds, stratum) =>
    mean(
      BACKGROUNDS.map((background) =>
        WEIGHTS.reduce(
          (product, weight, crash) => {
            if (STRATUM[crash] !== stratum) return product;
            const without = background + (explained[crash] ?? 0);
            const withCause = without + rate * (COVARIATE[crash] ?? 0);
            return product * withCause ** (reliance * weight) * without ** ((1 - reliance) * weight);
          },
          Math.exp(-background * seconds),
        ),
      ),
    ),
  );
  return byStratum.reduce((product, value) => product * value, 1);
}

test.each([
  ['nothing explained', undefined, 1],
  ['something explained', [0.001, 0.01, 0], 1],
  ['little relied on', undefined, 0.3],
])('the likelihood is that of the formula, multiplied out: %s', (_, explained, reliance) => {
  const likelihood = likelihoodOf({
    ...DEATHS,
    ...(explained && { explained: Float64Array.from(explained) }),
  });
  expect(likelihood.background).toBeCloseTo(0.9 * Math.log(multipliedOut(0, explained ?? [], 1)), 9);

  const byFraction = [0.25, 0.6, 1].map((fraction) => {
    const rate = (fraction * 2) / 300;
    return (
      (Math.exp(-reliance * rate * 300) * multipliedOut(rate, explained ?? [], reliance)) ** 0.9 / 3 ** 0.9
    );
  });
  const sum = byFraction.reduce((total, value) => total + value, 0);
  const cause = { covariate: Float64Array.from(COVARIATE), exposureS: EXPOSURE_S, reliance };
  const { log, ratePerS } = likelihood.of(cause);
  expect(log).toBeCloseTo(Math.log(sum), 9);
  const [quarter = 0, most = 0, all = 0] = byFraction;
  expect(ratePerS).toBeCloseTo((((0.25 * quarter + 0.6 * most + all) / sum) * 2) / 300, 9);
});

test('sums of exponentials neither overflow nor vanish', () => {
  expect(logSumExp([-5000, -5000])).toBeCloseTo(-5000 + Math.log(2), 9);
  expect(logSumExp([5000, 0])).toBe(5000);
  expect(logSumExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
});
