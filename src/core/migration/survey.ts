import type { PrivateList, Process, Snapshot } from '../sidekiq/snapshot.ts';
import type { ListContents } from './list-contents.ts';
import { type Movability, movabilityOf, ownerWords } from './movability.ts';
import { type Stage, stageOf } from './stage.ts';
import type { Stillness } from './stillness.ts';

/** How a sidekiq's processes take their jobs, what lies in private lists, and how far the move to super_fetch is. */
export type Survey = {
  readonly sidekiq: string;
  readonly takenAtMs: number;
  /** Snapshot and lists together. */
  readonly tookMs: number;
  /** Those that live, by host. */
  readonly processes: readonly Process[];
  /** What may be moved first, then by size. */
  readonly lists: readonly SurveyedList[];
  readonly stage: Stage;
  readonly isSearchComplete: boolean;
  /** Queues that a living process takes jobs from. */
  readonly servedQueues: ReadonlySet<string>;
  /** Why Redis takes no writes, if it does not. */
  readonly refusesWrites: string | undefined;
  /** Keys that should be lists and are something else. */
  readonly wrongTypes: ReadonlySet<string>;
};

export type SurveyedList = PrivateList & {
  /** alive, silent, dead or unknown. */
  readonly ownerWords: string;
  /** Undefined where there was no time to read it. */
  readonly contents: ListContents | undefined;
  readonly isWhole: boolean;
  /** Suspects among its classes. */
  readonly suspects: readonly string[];
  readonly move: Movability;
};

export type Seen = {
  readonly snapshot: Snapshot;
  readonly contents: ReadonlyMap<string, ListContents>;
  readonly stillness: Stillness;
  /** When the first snapshot was taken that was compared with later ones. */
  readonly watchedSinceMs: number;
  readonly suspects: readonly string[];
  readonly tookMs: number;
};

const TURN = { now: 0, later: 1, never: 2 } as const;

export function surveyFrom(seen: Seen): Survey {
  const { snapshot } = seen;
  const lists = snapshot.privateLists.map((list) => surveyed(list, seen));
  const living = snapshot.processes.filter(({ state }) => state !== 'dead');
  const processes = living.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  const { writes } = snapshot.redis;
  return {
    sidekiq: snapshot.sidekiq,
    takenAtMs: snapshot.takenAtMs,
    tookMs: seen.tookMs,
    processes,
    lists: lists.toSorted((a, b) => TURN[a.move.may] - TURN[b.move.may] || b.size - a.size),
    stage: stageOf(processes, lists, snapshot.takenAtMs),
    isSearchComplete: snapshot.privateListSearch.isComplete,
    servedQueues: new Set(
      living.filter(({ isQuiet, state }) => state === 'alive' && !isQuiet).flatMap(({ queues }) => queues),
    ),
    refusesWrites: writes.state === 'refused' ? writes.reason : undefined,
    wrongTypes: new Set(
      snapshot.faults.filter(({ code }) => code === 'wrong_type').map(({ where }) => where),
    ),
  };
}

function surveyed(list: PrivateList, seen: Seen): SurveyedList {
  const { snapshot, suspects } = seen;
  const contents = seen.contents.get(list.key);
  const found = contents?.classes.map(({ jobClass }) => jobClass) ?? [];
  return {
    ...list,
    ownerWords: ownerWords(list, snapshot.processes),
    contents,
    isWhole: contents !== undefined && contents.readCount >= list.size,
    suspects: suspects.filter((suspect) => found.includes(suspect)),
    move: movabilityOf({
      list,
      contents,
      changedAgoMs: changedAgo(list, seen),
      processes: snapshot.processes,
    }),
  };
}

/** What was met at the first look has not been seen to change. */
function changedAgo(list: PrivateList, { stillness, watchedSinceMs, snapshot }: Seen): number | undefined {
  const still = stillness.get(list.key);
  if (still === undefined || still.sinceMs <= watchedSinceMs) return undefined;
  return Math.max(0, snapshot.takenAtMs - still.sinceMs);
}
