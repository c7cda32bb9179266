import { type Belief, believe } from '../attribution/belief.ts';
import type { Crash } from '../attribution/crash.ts';
import type { Evidence } from '../attribution/evidence.ts';
import type { Hint } from '../attribution/hints.ts';
import type { HarmlessEnd } from '../attribution/observation.ts';
import { type Summary, summarise } from '../attribution/summary.ts';
import { describeSuspect, type Suspect } from '../attribution/suspect.ts';
import { type Verdict, verdictOf } from '../attribution/verdict.ts';

/** What was seen of crashes in a stretch of time, and what is believed of it. */
export type Account = {
  readonly verdict: Verdict;
  /** The classes that may be to blame, the likeliest first, with the class that was in flight most often. */
  readonly ranked: readonly Suspect[];
  /** How many further classes were in flight at crashes. */
  readonly more: number;
  /** In the order of time. */
  readonly crashes: readonly Crash[];
  readonly ends: ReadonlyMap<HarmlessEnd, number>;
  /** Undefined when nothing was watched. */
  readonly watched: { readonly fromMs: number; readonly toMs: number } | undefined;
};

/** What `suspects` answers from. */
export type Suspects = {
  readonly sidekiq: string;
  readonly takenAtMs: number;
  /** How far back was asked for; undefined for all that is kept. */
  readonly windowMs: number | undefined;
  readonly account: Account;
  readonly hints: readonly Hint[] | undefined;
  readonly platformTrouble?: string | undefined;
};

/** A person compares a few; those below have next to no probability. */
const RANKED = 8;

/** The account of all evidence, or of what was seen since a time. */
export function accountOf(evidence: Evidence, sinceMs?: number): Account {
  const summary = summarise(evidence, sinceMs);
  const belief = believe(summary);
  const verdict = verdictOf(summary, belief);
  const ranked = rank(summary, belief, verdict);
  const inFlight = summary.classes.filter(({ crashesInFlight }) => crashesInFlight > 0).length;
  const { fromMs } = summary;
  return {
    verdict,
    ranked,
    more: Math.max(0, inFlight - ranked.length),
    crashes: summary.crashes.toSorted((a, b) => a.atMs - b.atMs),
    ends: summary.ends,
    watched: fromMs === undefined ? undefined : { fromMs, toMs: Math.max(fromMs, evidence.nowMs) },
  };
}

function rank(summary: Summary, belief: Belief, verdict: Verdict): readonly Suspect[] {
  const byName = new Map(summary.classes.map((one) => [one.jobClass, one]));
  const best = belief.classes.slice(0, RANKED).flatMap(({ jobClass }) => {
    const one = byName.get(jobClass);
    return one === undefined ? [] : [describeSuspect(summary, belief, one)];
  });
  const commonest = verdict.kind === 'not enough evidence' ? verdict.commonest : undefined;
  const isShown = commonest === undefined || best.some(({ jobClass }) => jobClass === commonest.jobClass);
  return isShown ? best : [...best, commonest];
}
