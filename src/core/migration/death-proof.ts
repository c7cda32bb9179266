import { gitlabHeartbeatOf } from '../sidekiq/fetch/gitlab.ts';
import type { BareProcess } from '../sidekiq/process.ts';
import type { PrivateList } from '../sidekiq/snapshot.ts';
import { hostOfList, isOfReliableFetch } from './movability.ts';

/**
 * What must hold in the very call that moves, so that no job of a live owner is moved. All names are without the
 * namespace.
 */
export type DeathProof =
  /** None of these keys may exist. */
  | { readonly type: 'owner gone'; readonly absent: readonly string[] }
  /** Whoever is in `processes` is one of `cleared`, or a member of `super_processes`; and nobody runs these jobs. */
  | {
      readonly type: 'host clear';
      readonly cleared: readonly string[];
      /** Of these, the ones that are cleared because their hash is gone. */
      readonly dead: readonly string[];
      /** Whose work is looked through. */
      readonly living: readonly string[];
    };

type List = Pick<PrivateList, 'key' | 'scheme' | 'owner' | 'queue'>;

/** Undefined for a list that has no owner whose death could be proved. `heartbeats` are those of GitLab's fetchers that are known. */
export function deathProofOf(
  list: List,
  processes: readonly BareProcess[],
  heartbeats: ReadonlySet<string>,
): DeathProof | undefined {
  if (isOfReliableFetch(list)) return hostClear(list, processes);
  const { owner } = list;
  if (owner === undefined) return undefined;
  switch (list.scheme) {
    case 'super_fetch':
    case 'super_fetch_3_4':
    case 'ultimate':
      return { type: 'owner gone', absent: [owner] };
    case 'gitlab': {
      const named = processes.map(({ identity }) => identity).filter((id) => id.startsWith(`${owner}:`));
      const beating = gitlabHeartbeatOf(owner);
      const known = [...heartbeats].filter((key) => key.startsWith(`${beating}-`));
      const own = nonceOf(list.key, owner).map((nonce) => `${beating}-${nonce}`);
      return { type: 'owner gone', absent: [...new Set([beating, ...own, ...known, ...named])] };
    }
    default:
      return undefined;
  }
}

function nonceOf(key: string, owner: string): readonly string[] {
  const nonce = key.slice(key.lastIndexOf(`${owner}:`) + owner.length + 1);
  return key.includes(`${owner}:`) && /^[0-9a-f]+$/.test(nonce) ? [nonce] : [];
}

function hostClear(list: List, processes: readonly BareProcess[]): DeathProof {
  const host = hostOfList(list);
  const dead = processes.filter(({ state }) => state === 'dead').map(({ identity }) => identity);
  const living = processes.filter(({ state }) => state !== 'dead');
  const elsewhere = living.filter(({ hostname, queues }) => {
    if (host !== undefined) return hostname !== host;
    return queues.length > 0 && !queues.includes(list.queue?.name ?? '');
  });
  return {
    type: 'host clear',
    cleared: [...elsewhere.map(({ identity }) => identity), ...dead],
    dead,
    living: living.map(({ identity }) => identity),
  };
}
