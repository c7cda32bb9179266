import { type Belief, believe } from './belief.ts';
import type { Evidence } from './evidence.ts';
import { type Summary, summarise } from './summary.ts';
import { describeSuspect, type Suspect } from './suspect.ts';

/** What we dare to say, and what a person needs to check it. */
export type Verdict =
  | { readonly kind: 'no crash' }
  | (Named & { readonly kind: 'likely' | 'suspected' })
  /** Memory creeps up: never more than a suspicion, and nobody at all when no class stands out. */
  | (Common & { readonly kind: 'slow leak'; readonly suspect: Suspect | undefined })
  /** No class, but most of the lost processes went together with others of their host. */
  | (Common & { readonly kind: 'machine'; readonly loss: MachineLoss })
  /** The best two, and the class that was in flight most often, which people will ask about. */
  | (Common & {
      readonly kind: 'not enough evidence';
      readonly best: readonly Suspect[];
      readonly commonest: Suspect | undefined;
    });

type Common = {
  readonly crashes: readonly LostProcess[];
  /** That no class is to blame. */
  readonly noneP: number;
  readonly machineLosses: readonly MachineLoss[];
};

type Named = Common & {
  readonly suspect: Suspect;
  /** Further classes to be suspected at least, the likeliest first. */
  readonly others: readonly Suspect[];
};

/** A crash, as far as those need it who only count. */
export type LostProcess = {
  readonly identity: string;
  readonly host: string;
  readonly atMs: number;
  readonly startedAtMs?: number;
};

/** Processes of one host that were lost at once. */
export type MachineLoss = { readonly host: string; readonly processes: number; readonly withinMs: number };

const LIKELY = { p: 0.8, events: 2 } as const;
const SUSPECTED_P = 0.4;

/** The verdict on all evidence, or on what was seen since a time. */
export function judge(evidence: Evidence, sinceMs?: number): Verdict {
  const summary = summarise(evidence, sinceMs);
  return verdictOf(summary, believe(summary));
}

/** Whether this much may be called likely. */
export function isLikely({ p, events }: Suspect): boolean {
  return p >= LIKELY.p && events >= LIKELY.events;
}

/** Everyone whom it suspects at least, the likeliest first. */
export function suspectsOf(verdict: Verdict): readonly Suspect[] {
  switch (verdict.kind) {
    case 'likely':
    case 'suspected':
      return [verdict.suspect, ...verdict.others];
    case 'slow leak':
      return verdict.suspect === undefined ? [] : [verdict.suspect];
    default:
      return [];
  }
}

export function verdictOf(summary: Summary, belief: Belief): Verdict {
  if (summary.crashes.length === 0) return { kind: 'no crash' };
  const machineLosses = machineLossesOf(summary);
  const common = { crashes: summary.crashes, noneP: belief.noneP, machineLosses };
  const describe = (jobClass: string): Suspect[] =>
    summary.classes
      .filter((one) => one.jobClass === jobClass)
      .map((one) => describeSuspect(summary, belief, one));

  const [suspect, ...others] = belief.classes
    .filter(({ p }) => p >= SUSPECTED_P)
    .flatMap(({ jobClass }) => describe(jobClass));
  if (summary.isSlowLeak) return { kind: 'slow leak', ...common, suspect };
  if (suspect !== undefined) {
    return { kind: isLikely(suspect) ? 'likely' : 'suspected', ...common, suspect, others };
  }
  const [loss] = machineLosses;
  const lostTogether = machineLosses.reduce((sum, { processes }) => sum + processes, 0);
  if (loss !== undefined && 2 * lostTogether > summary.crashes.length)
    return { kind: 'machine', ...common, loss };
  const best = belief.classes.slice(0, 2).flatMap(({ jobClass }) => describe(jobClass));
  return {
    kind: 'not enough evidence',
    ...common,
    best,
    commonest: commonestOf(summary).flatMap(describe)[0],
  };
}

/** The largest first, the latest among equals. */
function machineLossesOf({ crashes, events }: Summary): MachineLoss[] {
  const byEvent = Map.groupBy(crashes.entries(), ([index]) => events[index]);
  return [...byEvent.values()]
    .filter((lost) => lost.length > 1)
    .map((lost) => {
      const times = lost.map(([, { atMs }]) => atMs);
      const last = Math.max(...times);
      return {
        host: lost[0]?.[1].host ?? '',
        processes: lost.length,
        withinMs: last - Math.min(...times),
        last,
      };
    })
    .sort((a, b) => b.processes - a.processes || b.last - a.last)
    .map(({ host, processes, withinMs }) => ({ host, processes, withinMs }));
}

function commonestOf({ classes }: Summary): string[] {
  const most = Math.max(0, ...classes.map(({ crashesInFlight }) => crashesInFlight));
  if (most === 0) return [];
  return classes
    .filter(({ crashesInFlight }) => crashesInFlight === most)
    .sort((a, b) => b.processS - a.processS || (a.jobClass < b.jobClass ? -1 : 1))
    .slice(0, 1)
    .map(({ jobClass }) => jobClass);
}
