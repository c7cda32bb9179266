import type { Belief } from './belief.ts';
import type { Crash } from './crash.ts';
import { isAmongLargest } from './rss-histogram.ts';
import type { ClassSummary, Summary } from './summary.ts';

/** A class with its probability and the numbers that explain it to people. None of them is the basis of the verdict. */
export type Suspect = {
  readonly jobClass: string;
  readonly p: number;
  /** Crashes at which it was in flight, and how many events these were. */
  readonly crashes: number;
  readonly events: number;
  readonly lastCrashAtMs: number;
  /** Its part of all the time that jobs ran. */
  readonly workShare: number;
  /** The part of process time in which at least one of its jobs ran. */
  readonly processShare: number;
  /** How many times as often processes crash while it runs. Undefined where it nearly always runs: nothing to compare. */
  readonly rateRatio: number | undefined;
  /** Memory gained while it ran, where memory is part of the story. */
  readonly grewKb?: number | undefined;
  /** One job of it that probably is to blame alone. */
  readonly job?: { readonly jid: string; readonly p: number; readonly crashes: number } | undefined;
  /** What its crashes cost the others. */
  readonly cost: Cost;
  /** Sure enough for what cannot be undone: the verdict is looked at after each crash, and luck gets many chances. */
  readonly isCertain: boolean;
};

type Cost = {
  readonly threadsLost: number;
  /** Jobs of other classes that died with it, and for how long they had run. */
  readonly innocentsKilled: number;
  readonly workLostMs: number;
};

const CERTAIN = { p: 0.95, events: 3 } as const;
const NAMED_JOB_P = 0.3;
const MEMORY_T = 3;
const NEARLY_ALWAYS = 0.9;

/** The numbers of one class of the summary. */
export function describeSuspect(summary: Summary, belief: Belief, one: ClassSummary): Suspect {
  const { jobClass } = one;
  const crashes = summary.crashes.filter((_, index) => (one.inFlight[index] ?? 0) > 0);
  const events = new Set(summary.events.filter((_, index) => (one.inFlight[index] ?? 0) > 0)).size;
  const p = belief.classes.find((ranked) => ranked.jobClass === jobClass)?.p ?? 0;
  const job = belief.jobs.find((ranked) => ranked.jobClass === jobClass && ranked.p > NAMED_JOB_P);
  const processS = summary.strataS.reduce((sum, seconds) => sum + seconds, 0);
  const workS = summary.classes.reduce((sum, { exposureS }) => sum + exposureS, 0);
  return {
    jobClass,
    p,
    crashes: crashes.length,
    events,
    lastCrashAtMs: Math.max(0, ...crashes.map(({ atMs }) => atMs)),
    workShare: workS > 0 ? one.exposureS / workS : 0,
    processShare: processS > 0 ? one.processS / processS : 0,
    rateRatio:
      one.processS > NEARLY_ALWAYS * processS
        ? undefined
        : rateRatio(crashes.length, summary.crashes.length, one.processS, processS),
    grewKb: one.slopeT > MEMORY_T ? medianGrowthKb(summary, crashes, jobClass) : undefined,
    job: job && { jid: job.jid, p: job.p, crashes: crashesOfJob(summary, job.jid) },
    cost: costOf(crashes, jobClass),
    isCertain: p >= CERTAIN.p && events >= CERTAIN.events && !summary.isSlowLeak,
  };
}

/** With half a crash added to both sides, so that "in all crashes" is not infinity; a side counts 10 s at least. */
function rateRatio(withIt: number, all: number, withItS: number, allS: number): number {
  const during = (withIt + 0.5) / (withItS + 10);
  const otherwise = (all - withIt + 0.5) / Math.max(10, allS - withItS);
  return during / otherwise;
}

/** The median over the crashes of large processes, of what was gained since the class began to run. */
function medianGrowthKb(summary: Summary, crashes: readonly Crash[], jobClass: string): number | undefined {
  const grown = crashes
    .filter(({ rssKb }) => rssKb !== undefined && isAmongLargest(summary.rss, rssKb))
    .flatMap(({ grewKb }) => grewKb.filter(([name, kb]) => name === jobClass && kb > 0))
    .map(([, kb]) => kb)
    .sort((a, b) => a - b);
  return grown[Math.floor(grown.length / 2)];
}

function crashesOfJob(summary: Summary, jid: string): number {
  return summary.jobs.find((job) => job.jid === jid)?.crashesInFlight ?? 0;
}

function costOf(crashes: readonly Crash[], jobClass: string): Cost {
  const innocents = crashes.flatMap(({ inFlight, atMs }) =>
    inFlight
      .filter((job) => job.jobClass !== jobClass)
      .map(({ startedAtMs }) => atMs - (startedAtMs ?? atMs)),
  );
  return {
    threadsLost: crashes.reduce((sum, { concurrency }) => sum + concurrency, 0),
    innocentsKilled: innocents.length,
    workLostMs: innocents.reduce((sum, ranMs) => sum + Math.max(0, ranMs), 0),
  };
}
