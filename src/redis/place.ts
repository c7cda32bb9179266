import { type SidekiqKeys, sidekiqKeys } from '../core/sidekiq/keys.ts';
import type { Clock } from '../ports/host.ts';
import type { Connection } from './connect.ts';
import { KeyspaceSearch } from './keyspace-search.ts';
import { PrivateListReader } from './read-private-lists.ts';
import { WorkMemory } from './work-memory.ts';

/** One sidekiq's Redis, and what whoever looks at it remembers between looks. */
export type Place = {
  readonly sidekiq: string;
  readonly connection: Connection;
  readonly keys: SidekiqKeys;
  readonly search: KeyspaceSearch;
  readonly privateLists: PrivateListReader;
  readonly works: WorkMemory;
  readonly clock: Clock;
};

/** Nothing is remembered yet. `namespace` is redis-namespace's prefix, without the colon; empty for none. */
export function openPlace(
  connection: Connection,
  { namespace, clock }: { readonly namespace: string; readonly clock: Clock },
): Place {
  const keys = sidekiqKeys(namespace);
  const search = new KeyspaceSearch(connection, keys);
  return {
    sidekiq: connection.sidekiq,
    connection,
    keys,
    search,
    privateLists: new PrivateListReader(connection, keys, search),
    works: new WorkMemory(),
    clock,
  };
}
