/**
 * How well a cause explains when processes died: the marginal likelihood of the crashes where their intensity is
 * b + λ·x, with x a covariate of the process (such as how many jobs of one class it ran). Both rates are unknown and
 * summed over small grids. All in logarithms: with 200 crashes the likelihood itself is far below the least number.
 */
export type Likelihood = {
  /** Without any cause but the background. */
  readonly background: number;
  readonly of: (cause: Cause) => CauseLikelihood;
};

/**
 * A covariate by crash, and its exposure. A `reliance` below 1 tempers all that it says, for and against, by that power.
 */
export type Cause = {
  readonly covariate: Float64Array;
  readonly exposureS: number;
  readonly reliance?: number;
};

type CauseLikelihood = {
  readonly log: number;
  /** The rate per unit of the covariate, in crashes per second, by the posterior mean of f. */
  readonly ratePerS: number;
};

export type Deaths = {
  readonly weights: Float64Array;
  readonly stratumOf: Int32Array;
  readonly strataS: Float64Array;
  /** By crash: intensity that is already explained, in crashes per second. */
  readonly explained?: Float64Array;
};

/** Background rates from one crash in 400 process-hours to five an hour, per second, equally likely. */
const LEAST = 1 / 400;
const MOST = 5;
const BACKGROUNDS = Float64Array.from(
  { length: 6 },
  (_, step) => (LEAST * (MOST / LEAST) ** (step / 5)) / 3600,
);
/** The culprit causes about a quarter, 60 %, all of the crashes. */
const FRACTIONS = [0.25, 0.6, 1] as const;
/** Crashes are not quite independent of each other. */
const TEMPER = 0.9;
/** Keeps the rate of a class that was seen only once from being infinite. */
const LEAST_EXPOSURE_S = 10;

export function likelihoodOf({ weights, stratumOf, strataS, explained }: Deaths): Likelihood {
  const grid = BACKGROUNDS.length;
  const crashes = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // By crash and background: the intensity without the cause, and its logarithm. A cause changes only the crashes that
  // it takes part in, so the sums over all crashes are made once.
  const rates = new Float64Array(crashes * grid);
  const logs = new Float64Array(crashes * grid);
  const sums = new Float64Array(strataS.length * grid);
  for (let s = 0; s < strataS.length; s++) {
    for (let b = 0; b < grid; b++) sums[s * grid + b] = -at(BACKGROUNDS, b) * at(strataS, s);
  }
  for (let i = 0; i < crashes; i++) {
    for (let b = 0; b < grid; b++) {
      const rate = at(BACKGROUNDS, b) + (explained === undefined ? 0 : at(explained, i));
      const log = Math.log(rate);
      rates[i * grid + b] = rate;
      logs[i * grid + b] = log;
      sums[at(stratumOf, i) * grid + b] = at(sums, at(stratumOf, i) * grid + b) + at(weights, i) * log;
    }
  }

  const withCause = new Float64Array(sums.length);
  function of({ covariate, exposureS, reliance = 1 }: Cause): CauseLikelihood {
    const unitS = LEAST_EXPOSURE_S + exposureS;
    const byFraction = FRACTIONS.map((fraction) => {
      const rate = (fraction * total) / unitS;
      withCause.set(sums);
      for (let i = 0; i < crashes; i++) {
        const x = at(covariate, i);
        if (x === 0) continue;
        const weight = reliance * at(weights, i);
        for (let b = 0; b < grid; b++) {
          const own = i * grid + b;
          const cell = at(stratumOf, i) * grid + b;
          withCause[cell] =
            at(withCause, cell) + weight * (Math.log(at(rates, own) + rate * x) - at(logs, own));
        }
      }
      return (
        TEMPER * (meanOverStrata(withCause, grid) - reliance * rate * unitS - Math.log(FRACTIONS.length))
      );
    });
    const log = logSumExp(byFraction);
    const fraction = FRACTIONS.reduce(
      (sum, f, index) => sum + f * Math.exp((byFraction[index] ?? log) - log),
      0,
    );
    return { log, ratePerS: (fraction * total) / unitS };
  }
  return { background: TEMPER * meanOverStrata(sums, grid), of };
}

/** Sum over strata of the logarithm of the mean over backgrounds. */
function meanOverStrata(logs: Float64Array, grid: number): number {
  let sum = 0;
  for (let start = 0; start < logs.length; start += grid) {
    sum += logSumExp(logs.subarray(start, start + grid)) - Math.log(grid);
  }
  return sum;
}

/** ln Σ exp of logarithms, however small. */
export function logSumExp(logs: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) most = Math.max(most, logs[i] ?? most);
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += Math.exp((logs[i] ?? most) - most);
  return most + Math.log(sum);
}

/** An element of an array that is known to be there. */
function at(array: Float64Array | Int32Array, index: number): number {
  return array[index] ?? Number.NaN;
}
