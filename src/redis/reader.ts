import { sidekiqKeys } from '../core/sidekiq/keys.ts';
import type {
  ClassFinder,
  Clock,
  DeathReader,
  Log,
  RescuedFinder,
  SidekiqReader,
  StrandedReader,
  TraceReader,
} from '../ports.ts';
import { connect } from './connect.ts';
import { countBacklog } from './count-backlog.ts';
import { findClass } from './find-class.ts';
import { KeyspaceSearch } from './keyspace-search.ts';
import { readContents } from './read-contents.ts';
import { deathReader } from './read-deaths.ts';
import { PrivateListReader } from './read-private-lists.ts';
import { readTraces } from './read-traces.ts';
import { rescuedFinder } from './rescue/find-waiting.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { WorkMemory } from './work-memory.ts';

export type ReaderOptions = {
  /** Its name in the configuration. */
  readonly sidekiq: string;
  readonly url: string;
  /** redis-namespace's prefix, without the colon; empty for none. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log?: Log;
};

/**
 * A reader of one sidekiq. It connects when it is first asked and sends reading commands only.
 * @throws {RedisUnavailable} when the URL itself is of no use.
 */
export function openReader(
  options: ReaderOptions,
): SidekiqReader & ClassFinder & StrandedReader & RescuedFinder & DeathReader & TraceReader {
  const connection = connect(options);
  const keys = sidekiqKeys(options.namespace);
  const search = new KeyspaceSearch(connection, keys);
  const place = {
    sidekiq: options.sidekiq,
    connection,
    keys,
    search,
    privateLists: new PrivateListReader(connection, keys, search),
    works: new WorkMemory(),
    clock: options.clock,
  };
  return {
    ...deathReader(connection, keys),
    ...rescuedFinder(connection, keys),
    traces: (snapshot) => readTraces(connection, keys, snapshot),
    snapshot: () => takeSnapshot(place),
    countBacklog: (request) => countBacklog(place, request),
    contentsOf: (snapshot, budgetMs) => readContents(connection, snapshot, budgetMs),
    findClass: (search) => findClass(place, search),
    close: async () => connection.close(),
  };
}
