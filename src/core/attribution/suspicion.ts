import { type Cause, type Likelihood, logSumExp } from './likelihood.ts';
import type { ClassSummary, JobSummary, Summary } from './summary.ts';

/** A class, or one job of it, as the possible cause of crashes, with its prior weight among all hypotheses. */
export type Suspicion = Cause & { readonly jobClass: string; readonly jid?: string; readonly prior: number };

/** A suspicion after the evidence: its probability, and the crashes per second that a unit of its covariate causes. */
export type Weighed = Suspicion & { readonly q: number; readonly ratePerS: number };

/** Where memory creeps up, what is in flight at the end says little, and growth over the process's life more. */
const IN_FLIGHT_IN_LEAK = { part: 0.3, reliance: 0.3 } as const;
const GROWTH_IN_LEAK = { part: 0.7, reliance: 0.5 } as const;

/** Each class that was in flight at a crash, with its part of `prior` as `partOf` gives it out. */
export function classSuspicions(
  { classes, isSlowLeak }: Summary,
  prior: number,
  partOf: (one: ClassSummary) => number,
): Suspicion[] {
  return classes.flatMap((one) => {
    const { jobClass, exposureS, inFlight, growth } = one;
    const own = { jobClass, exposureS, prior: prior * partOf(one) };
    if (!isSlowLeak) return isSomewhere(inFlight) ? [{ ...own, covariate: inFlight }] : [];
    return [
      { covariate: inFlight, ...IN_FLIGHT_IN_LEAK },
      { covariate: growth, ...GROWTH_IN_LEAK },
    ].flatMap(({ covariate, part, reliance }) =>
      isSomewhere(covariate) ? [{ ...own, covariate, reliance, prior: own.prior * part }] : [],
    );
  });
}

/** Each job that was in flight at two crashes, all sharing `prior` with the jobs that were not. */
export function jobSuspicions(jobs: readonly JobSummary[], jobsSeen: number, prior: number): Suspicion[] {
  return jobs.map(({ jid, jobClass, inFlight, exposureS }) => {
    return { jid, jobClass, exposureS, covariate: inFlight, prior: prior / (jobsSeen + 1) };
  });
}

/** Bayes' rule over the suspicions and, with the log weight `noneLog`, that none of them is right. */
export function weigh(
  likelihood: Likelihood,
  noneLog: number,
  suspicions: readonly Suspicion[],
): { readonly weighed: readonly Weighed[]; readonly noneP: number } {
  const explained = suspicions.map((suspicion) => {
    const { log, ratePerS } = likelihood.of(suspicion);
    return { suspicion, log: Math.log(suspicion.prior) + log, ratePerS };
  });
  const evidence = logSumExp([noneLog, ...explained.map(({ log }) => log)]);
  const weighed = explained.map(({ suspicion, log, ratePerS }) => {
    return { ...suspicion, ratePerS, q: Math.exp(log - evidence) };
  });
  return { weighed, noneP: Math.exp(noneLog - evidence) };
}

const isSomewhere = (covariate: Float64Array): boolean => covariate.some((x) => x > 0);
