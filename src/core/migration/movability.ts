import { duration } from '../amounts.ts';
import type { PrivateList, Process } from '../sidekiq/snapshot.ts';
import type { ListContents } from './list-contents.ts';
import { STILL_FOR_MS } from './stillness.ts';

/** Whether the jobs of a private list may go back to their queue, and why. */
export type Movability = { readonly may: 'now' | 'later' | 'never'; readonly why: string };

export type ListFacts = {
  readonly list: PrivateList;
  /** Undefined where there was no time to read it. */
  readonly contents: ListContents | undefined;
  /** It was seen to change so long ago; undefined where no change was seen. */
  readonly changedAgoMs: number | undefined;
  readonly processes: readonly Process[];
};

/**
 * Jobs of a live owner are never moved, for they would run twice; and where nobody knows whose they are or where they
 * belong, nothing is guessed (reference: 5.4, 6.6, 7). The deed asks again in the very call that moves.
 */
export function movabilityOf({ list, contents, changedAgoMs, processes }: ListFacts): Movability {
  const targets = contents?.targets ?? [];
  if (list.queue?.knownBy !== 'key' && targets.length > 1) {
    return never(`its jobs name different queues (${targets.join(', ')}), and nobody may guess`);
  }
  if (list.scheme === 'unknown') return never('no fetcher that is known keeps it; it is only shown');
  if (list.queue === undefined) return never('nobody can tell which queue its jobs belong to');
  if (list.ownerState !== 'dead') return later(whyAlive(list, processes));
  if (!isOfReliableFetch(list)) return { may: 'now', why: whyDead(list) };
  if ((contents?.inFlight ?? 0) > 0) return later('a living process runs one of its jobs');
  if (changedAgoMs !== undefined && changedAgoMs < STILL_FOR_MS) {
    return later(`it changed ${duration(changedAgoMs)} ago, so somebody may work with it`);
  }
  return {
    may: 'now',
    why: `${whyDead(list)}; before the move it must lie unchanged for ${STILL_FOR_MS / 1000} s`,
  };
}

export function isOfReliableFetch({ scheme }: Pick<PrivateList, 'scheme'>): boolean {
  return scheme === 'reliable_fetch' || scheme === 'reliable_fetch_without_host';
}

/** "HOST INDEX" of a list of reliable_fetch. */
export function hostOfList({ scheme, owner }: Pick<PrivateList, 'scheme' | 'owner'>): string | undefined {
  return scheme === 'reliable_fetch' ? owner?.slice(0, owner.lastIndexOf(' ')) : undefined;
}

/** The owner's state in words; silent is what may be a crash a moment ago. */
export function ownerWords(list: PrivateList, processes: readonly Process[]): string {
  if (list.ownerState !== 'alive') return list.ownerState;
  const owner = processes.find(({ identity }) => identity === list.owner);
  return owner?.state === 'silent' ? 'silent' : 'alive';
}

function whyAlive(list: PrivateList, processes: readonly Process[]): string {
  if (ownerWords(list, processes) === 'silent') {
    return 'its owner is silent; it counts as dead when its heartbeat has expired, within a minute';
  }
  switch (list.scheme) {
    case 'reliable_fetch':
      return `a process without super_fetch lives on ${hostOfList(list)} and may own it`;
    case 'reliable_fetch_without_host':
      return `its name tells no host, and a process without super_fetch serves ${list.queue?.name ?? 'its queue'}`;
    default:
      return 'its owner is alive and runs these jobs';
  }
}

function whyDead(list: PrivateList): string {
  switch (list.scheme) {
    case 'super_fetch':
      return 'its owner is dead, and Sidekiq rescues it only when some process starts';
    case 'super_fetch_3_4':
      return 'its owner is dead, and later versions of super_fetch do not know such a list';
    case 'reliable_fetch':
      return `no process without super_fetch lives on ${hostOfList(list)}`;
    case 'reliable_fetch_without_host':
      return `every living process that serves ${list.queue?.name ?? 'its queue'} uses super_fetch`;
    case 'gitlab':
      return 'its owner has neither process nor heartbeat';
    case 'ultimate':
      return 'its owner is dead';
    case 'unknown':
      return 'nobody knows its owner';
    default:
      return list.scheme satisfies never;
  }
}

function later(why: string): Movability {
  return { may: 'later', why };
}

function never(why: string): Movability {
  return { may: 'never', why };
}
