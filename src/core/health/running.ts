import type { SameHour } from '../history/same-hour.ts';
import { type Usual, usualAt } from '../history/usual.ts';
import { livingWorks } from '../sidekiq/living-works.ts';
import type { Snapshot, Work } from '../sidekiq/snapshot.ts';
import { FILLING_NEEDS_THREADS, FILLING_SHARE, FIRST_WORK_MS } from './thresholds.ts';

/** Question 2: what is running now? Counted over live processes, as of their last beats. */
export type Running = {
  readonly processes: number;
  readonly quietProcesses: number;
  readonly threads: number;
  /** Threads that run a job. */
  readonly busy: number;
  /** How many threads are usually busy at this hour; undefined while too little is known. */
  readonly usualBusy: Usual | undefined;
  /** Most threads first. */
  readonly classes: readonly RunningClass[];
  readonly filler: Filler | undefined;
};

export type RunningClass = {
  /** Undefined: payloads that are no job. */
  readonly jobClass: string | undefined;
  readonly threads: number;
  readonly processes: number;
  readonly longestMs: number | undefined;
};

/**
 * The class that holds most threads. `seen` is 'now' when live processes show it, 'last' when it takes the last
 * reports of lost processes to see it: in a crash loop the live ones have just begun and show little.
 */
export type Filler = {
  readonly jobClass: string;
  readonly threads: number;
  readonly ofThreads: number;
  readonly seen: 'now' | 'last';
  /** Threads that run another class. */
  readonly othersRun: number;
};

export function runningOf(snapshot: Snapshot, sameHour?: SameHour): Running {
  const alive = snapshot.processes.filter(({ state }) => state === 'alive');
  const classes = byClass(livingWorks(snapshot.processes, snapshot.works), snapshot.takenAtMs);
  const listed = classes.reduce((sum, { threads }) => sum + threads, 0);
  // `busy` and the work hash are written in one beat but read apart; a thread that shows in either is busy.
  const busy = Math.max(
    listed,
    alive.reduce((sum, process) => sum + process.busy, 0),
  );
  const threads = Math.max(
    busy,
    alive.reduce((sum, { concurrency, busy: own }) => sum + (concurrency ?? own), 0),
  );
  return {
    processes: alive.length,
    quietProcesses: alive.filter(({ isQuiet }) => isQuiet).length,
    threads,
    busy,
    usualBusy: sameHour && usualAt({ kind: 'busy' }, sameHour),
    classes,
    filler: fillerNow(classes, listed, threads) ?? fillerLast(snapshot),
  };
}

function fillerNow(classes: readonly RunningClass[], listed: number, threads: number): Filler | undefined {
  const filler = filling(classes, threads);
  return filler && { ...filler, seen: 'now', othersRun: listed - filler.threads };
}

function fillerLast({ processes, works, takenAtMs }: Snapshot): Filler | undefined {
  const worksOfEach = Map.groupBy(works, ({ identity }) => identity);
  const reports = processes.flatMap((process) => {
    const own = worksOfEach.get(process.identity);
    const isSettled = process.state === 'alive' && takenAtMs - (process.startedAtMs ?? 0) >= FIRST_WORK_MS;
    return own === undefined && !isSettled ? [] : [{ process, own: own ?? [] }];
  });
  const threads = reports.reduce(
    (sum, { process, own }) => sum + Math.max(own.length, process.concurrency ?? 0),
    0,
  );
  const reported = reports.flatMap(({ own }) => own);
  const filler = filling(byClass(reported, takenAtMs), threads);
  return filler && { ...filler, seen: 'last', othersRun: reported.length - filler.threads };
}

function filling(
  classes: readonly RunningClass[],
  ofThreads: number,
): { readonly jobClass: string; readonly threads: number; readonly ofThreads: number } | undefined {
  const top = classes.find(({ jobClass }) => jobClass !== undefined);
  if (top?.jobClass === undefined || top.threads < FILLING_NEEDS_THREADS) return undefined;
  // A hair less, so that exactly two of three count in spite of rounding.
  if (top.threads + 1e-9 < ofThreads * FILLING_SHARE) return undefined;
  return { jobClass: top.jobClass, threads: top.threads, ofThreads };
}

function byClass(works: readonly Work[], nowMs: number): readonly RunningClass[] {
  const groups = Map.groupBy(works, ({ jobClass }) => jobClass);
  const classes = [...groups].map(([jobClass, group]) => {
    const ages = group.flatMap(({ runAtMs }) =>
      runAtMs === undefined ? [] : [Math.max(0, nowMs - runAtMs)],
    );
    return {
      jobClass,
      threads: group.length,
      processes: new Set(group.map(({ identity }) => identity)).size,
      longestMs: ages.length === 0 ? undefined : ages.reduce((a, b) => Math.max(a, b)),
    };
  });
  return classes.sort((a, b) => b.threads - a.threads || (b.longestMs ?? 0) - (a.longestMs ?? 0));
}
