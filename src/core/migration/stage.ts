import type { PrivateList, Process } from '../sidekiq/snapshot.ts';
import type { Movability } from './movability.ts';

/** How far the move to super_fetch is. */
export type Stage = {
  readonly name: StageName;
  readonly sentence: string;
  /** Living processes by what they fetch with. */
  readonly withSuperFetch: number;
  readonly without: number;
  /** Jobs in lists of dead owners, and in how many. */
  readonly strandedJobs: number;
  readonly strandedLists: number;
};

export type StageName = 'no_process' | 'not_begun' | 'mixed' | 'to_be_finished' | 'done';

export const STAGE_WORDS: Readonly<Record<StageName, string>> = {
  no_process: 'nothing runs',
  not_begun: 'not begun',
  mixed: 'mixed',
  to_be_finished: 'to be finished',
  done: 'done',
};

/** A process that has just begun may still register: a rolling restart is no step back. */
const SETTLED_AFTER_MS = 20_000;

export function stageOf(
  processes: readonly Process[],
  lists: readonly (Pick<PrivateList, 'size' | 'ownerState'> & { readonly move: Movability })[],
  nowMs: number,
): Stage {
  const known = processes.filter((process) => !isSettling(process, nowMs));
  const withSuperFetch = known.filter(usesSuperFetch).length;
  const without = known.length - withSuperFetch;
  const stranded = lists.filter(({ ownerState, move }) => ownerState === 'dead' && move.may !== 'never');
  const strandedJobs = stranded.reduce((sum, { size }) => sum + size, 0);
  const counts = { withSuperFetch, without, strandedJobs, strandedLists: stranded.length };
  const name = nameOf(counts);
  return { name, sentence: sentenceOf(name, counts), ...counts };
}

export function usesSuperFetch({ fetch }: Process): boolean {
  return fetch.strategy === 'super_fetch';
}

/** It may still register. */
export function isSettling({ fetch, startedAtMs }: Process, nowMs: number): boolean {
  return fetch.strategy === 'unknown' && startedAtMs !== undefined && nowMs - startedAtMs < SETTLED_AFTER_MS;
}

type Counts = Omit<Stage, 'name' | 'sentence'>;

function nameOf({ withSuperFetch, without, strandedLists }: Counts): StageName {
  if (withSuperFetch + without === 0) return 'no_process';
  if (withSuperFetch === 0) return 'not_begun';
  if (without > 0) return 'mixed';
  return strandedLists > 0 ? 'to_be_finished' : 'done';
}

function sentenceOf(name: StageName, { withSuperFetch, without }: Counts): string {
  const all = withSuperFetch + without;
  switch (name) {
    case 'no_process':
      return 'No process lives, so nobody can tell how jobs would be fetched.';
    case 'not_begun':
      return `Not begun: none of ${all} living processes uses super_fetch.`;
    case 'mixed':
      return `Mixed: ${withSuperFetch} of ${all} living processes use super_fetch, ${without} do not.`;
    case 'to_be_finished':
      return 'To be finished: every living process uses super_fetch, but jobs of dead owners still lie in private lists.';
    case 'done':
      return 'Done: every living process uses super_fetch, and no list of a dead owner holds jobs.';
    default:
      return name satisfies never;
  }
}
