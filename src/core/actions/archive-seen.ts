import { PLACES } from './purge-found.ts';

/** One archive as a plan sees it. */
export type ArchiveSeen = {
  readonly actionId: string;
  readonly sidekiq: string;
  readonly jobClass: string;
  /** The action that archived still runs. */
  readonly isOpen: boolean;
  readonly archived: number;
  readonly uncertain: number;
  /** Owed jobs that a purge took out of private lists: their threads may have finished them all the same. */
  readonly owedOfPrivateLists: number;
  /** An open purge that would take them out again. */
  readonly openPurge: string | undefined;
  /** What is owed by where it goes back to, in the order in which it does. */
  readonly owed: readonly OwedPlace[];
};

export type OwedPlace = { readonly name: string; readonly jobs: number };

/** Do its jobs have a time at which they run? */
export function isSet(placeName: string): boolean {
  return placeName === PLACES.retrySet || placeName === PLACES.scheduledSet;
}

export function owedIn({ owed }: Pick<ArchiveSeen, 'owed'>): number {
  return owed.reduce((sum, { jobs }) => sum + jobs, 0);
}

export type CrashesSeen = {
  /** The last crashes of any worker. */
  readonly count: number;
  readonly withinMs: number;
  /** Set while suspects names the class for crashes that are not long ago. */
  readonly suspicion: string | undefined;
};

export type EarlierRestore = {
  readonly jobs: number;
  /** Crashes from then on, in the time that is looked at. */
  readonly crashes: number;
  readonly lookedMs: number;
};
