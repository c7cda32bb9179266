import { type DeathProof, deathProofOf } from '../../core/migration/death-proof.ts';
import { ListTally } from '../../core/migration/list-contents.ts';
import { isOfReliableFetch, movabilityOf } from '../../core/migration/movability.ts';
import type { PrivateList } from '../../core/sidekiq/snapshot.ts';
import { Faults } from '../answers.ts';
import { findJobs } from '../job-sources.ts';
import { listSource, readPages } from '../pages.ts';
import type { Place } from '../place.ts';

/** A list that may be worked off now, with what must still hold in each call that does. */
export type DeadList = {
  readonly list: PrivateList;
  readonly queue: string;
  readonly proof: DeathProof;
  readonly isOfReliableFetch: boolean;
};

export type FoundLists = {
  readonly dead: readonly DeadList[];
  /** Why the others are left alone, each a sentence. Those that are gone are not among them. */
  readonly leftAlone: readonly string[];
};

/** The keyspace need not be searched: only lists that people agreed to are asked for. */
const NO_SEARCH_MS = 0;

/** Looks at the approved lists as they are now. @throws {RedisUnavailable} */
export async function findLists(place: Place, keys: readonly string[]): Promise<FoundLists> {
  for (const key of keys) {
    const name = place.keys.withoutPrefix(key);
    if (name !== undefined) place.search.lists.add(name);
  }
  const { processes, works, sources, names } = await findJobs(place, NO_SEARCH_MS, [], new Faults());
  const running = new Set(works.flatMap(({ jid }) => jid ?? []));
  const wanted = new Set(keys);
  const dead: DeadList[] = [];
  const leftAlone: string[] = [];
  for (const { list } of sources) {
    if (list === undefined || !wanted.has(list.key)) continue;
    const tally = new ListTally(names.nowMs, running);
    // Where the name alone does not tell the queue, every job is asked before the first one is moved.
    if (isOfReliableFetch(list)) {
      for await (const page of readPages(place.connection, listSource(list.key))) tally.add(page);
    }
    const move = movabilityOf({ list, contents: tally.found(), changedAgoMs: undefined, processes: [] });
    const named = { ...list, key: place.keys.withoutPrefix(list.key) ?? list.key };
    const proof = deathProofOf(named, processes, place.search.heartbeats);
    if (move.may !== 'now' || proof === undefined || list.queue === undefined) {
      leftAlone.push(`${list.key} was left alone: ${move.why}.`);
      continue;
    }
    dead.push({ list, queue: list.queue.name, proof, isOfReliableFetch: isOfReliableFetch(list) });
  }
  return { dead: dead.sort((one, other) => one.list.size - other.list.size), leftAlone };
}
