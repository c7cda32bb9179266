import { type ListContents, ListTally } from '../core/migration/list-contents.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Connection } from './connect.ts';
import { readSources } from './job-sources.ts';
import { listSource } from './pages.ts';

/** Reads what lies in the private lists of a snapshot, the smallest first, until the time is up. @throws {RedisUnavailable} */
export async function readContents(
  connection: Connection,
  { privateLists, processes, works, takenAtMs }: Snapshot,
  budgetMs: number,
): Promise<ReadonlyMap<string, ListContents>> {
  const startedAtMs = performance.now();
  const alive = new Set(processes.flatMap(({ identity, state }) => (state === 'dead' ? [] : [identity])));
  const running = new Set(works.flatMap(({ identity, jid }) => (alive.has(identity) && jid ? [jid] : [])));
  const tallies = new Map<string, ListTally>();
  const sources = privateLists
    .map((list) => ({
      place: { kind: 'private_list' as const, queue: list.queue?.name },
      list,
      source: listSource(list.key),
      size: list.size,
    }))
    .sort((one, other) => one.size - other.size);
  await readSources(
    connection,
    sources,
    () => startedAtMs + budgetMs - performance.now(),
    ({ list }, page) => {
      if (list === undefined) return;
      const tally = tallies.get(list.key) ?? new ListTally(takenAtMs, running);
      tallies.set(list.key, tally);
      tally.add(page);
    },
  );
  return new Map([...tallies].map(([key, tally]) => [key, tally.found()]));
}
