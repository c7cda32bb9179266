import { type Cause, likelihoodOf, logSumExp } from './likelihood.ts';
import { memoryPrior } from './memory-slope.ts';
import type { ClassSummary, Summary } from './summary.ts';
import { classSuspicions, jobSuspicions, type Suspicion, type Weighed, weigh } from './suspicion.ts';

/**
 * Who is to blame, by Bayes' rule: each possible cause with its prior and how well it explains the crashes. The question
 * is not which class was in flight most often, but which was in flight at crashes more often than it is anyway.
 */
export type Belief = {
  /** That no class is to blame. */
  readonly noneP: number;
  /** Each class that may be, the likeliest first. With two culprits both may be near 1. */
  readonly classes: readonly { readonly jobClass: string; readonly p: number }[];
  /** Each job that may be to blame alone, the likeliest first. */
  readonly jobs: readonly { readonly jid: string; readonly jobClass: string; readonly p: number }[];
};

/** Prior weights. A job's is a fifth of a class's, shared by all jobs that were seen. */
const PRIOR = { none: 0.4, load: 0.03, classes: 0.57, jobs: 0.57 * 0.2 } as const;
/** What each crash takes from a class that was never seen at one. */
const UNSEEN_PER_CRASH = 0.3;
/** Given a first culprit, a second is rather the exception. */
const SECOND = { none: 0.85, classes: 0.15 } as const;
/** When it is this sure that there is no first culprit, nobody looks for a second. */
const NO_FIRST = 0.9;

type First = { readonly weighed: readonly Weighed[]; readonly noneP: number };

export function believe(summary: Summary): Belief {
  const priors = new Map(summary.classes.map((one) => [one, memoryPrior(one.slopeT)]));
  const allPriors = sum(priors.values());
  const ofClasses = classSuspicions(summary, PRIOR.classes, (one) => (priors.get(one) ?? 0) / allPriors);
  if (ofClasses.length === 0) return { noneP: 1, classes: [], jobs: [] };

  const first = weighFirst(summary, ofClasses);
  const secondP = weighSecond(summary, first);
  const classes = [...sumByClass(first.weighed)].map(([jobClass, p]) => {
    return { jobClass, p: clampP(1 - (1 - p) * (1 - (secondP.get(jobClass) ?? 0) * (1 - first.noneP))) };
  });
  const jobs = first.weighed.flatMap(({ jid, jobClass, q }) =>
    jid === undefined ? [] : [{ jid, jobClass, p: clampP(q) }],
  );
  return {
    noneP: clampP(first.noneP),
    // Between equals the name decides, so that the same evidence always gives the same order.
    classes: classes.sort((a, b) => b.p - a.p || compare(a.jobClass, b.jobClass)),
    jobs: jobs.sort((a, b) => b.p - a.p || compare(a.jid, b.jid)),
  };
}

function weighFirst(summary: Summary, ofClasses: readonly Suspicion[]): First {
  const { classes, weights, jobs, jobsSeen } = summary;
  const likelihood = likelihoodOf(summary);
  const unseen =
    classes.filter(({ inFlight }) => !inFlight.some((count) => count > 0)).length / classes.length;
  const noneLog = logSumExp([
    Math.log(PRIOR.none) + likelihood.background,
    Math.log(PRIOR.load) + likelihood.of(loadOf(summary)).log,
    Math.log(PRIOR.classes * unseen) + likelihood.background - UNSEEN_PER_CRASH * sum(weights),
  ]);
  return weigh(likelihood, noneLog, [...ofClasses, ...jobSuspicions(jobs, jobsSeen, PRIOR.jobs)]);
}

/** By class, that it is a second culprit: what the first explains has become part of the background. */
function weighSecond(summary: Summary, first: First): ReadonlyMap<string, number> {
  if (summary.crashes.length < 2 || first.noneP >= NO_FIRST) return new Map();
  const explained = new Float64Array(summary.crashes.length);
  for (const { covariate, q, ratePerS } of first.weighed) {
    for (let i = 0; i < explained.length; i++) {
      explained[i] = (explained[i] ?? 0) + q * ratePerS * (covariate[i] ?? 0);
    }
  }
  const likelihood = likelihoodOf({ ...summary, explained });
  // Memory had its say when the first was weighed: here all classes are alike.
  const ofClasses = classSuspicions(summary, SECOND.classes, () => 1 / summary.classes.length);
  const noneLog = Math.log(SECOND.none) + likelihood.background;
  return sumByClass(weigh(likelihood, noneLog, ofClasses).weighed);
}

/** Every job alike: crashes that follow load speak against no class. */
function loadOf({ classes, crashes }: Summary): Cause {
  const covariate = new Float64Array(crashes.length);
  for (const { inFlight } of classes) {
    for (let i = 0; i < covariate.length; i++) covariate[i] = (covariate[i] ?? 0) + (inFlight[i] ?? 0);
  }
  return { covariate, exposureS: sum(classes.map(({ exposureS }: ClassSummary) => exposureS)) };
}

function sumByClass(weighed: readonly Weighed[]): Map<string, number> {
  const byClass = new Map<string, number>();
  for (const { jobClass, q } of weighed) byClass.set(jobClass, (byClass.get(jobClass) ?? 0) + q);
  return byClass;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Sums of rounded parts may pass 1 by a hair. */
const clampP = (p: number): number => Math.min(1, Math.max(0, p));

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
