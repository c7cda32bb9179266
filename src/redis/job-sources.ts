import { livingWorks } from '../core/sidekiq/living-works.ts';
import type { Page } from '../core/sidekiq/page.ts';
import type { BareProcess } from '../core/sidekiq/process.ts';
import type { PrivateList, Work } from '../core/sidekiq/snapshot.ts';
import type { JobPlace } from '../core/sidekiq/tally.ts';
import { answer, type Faults, numberIn } from './answers.ts';
import { ask, type Reply, wasRefused } from './ask.ts';
import type { Connection } from './connect.ts';
import type { GoOn } from './keyspace-search.ts';
import { listSource, type PageSource, pagesWithin, readPages, setSource } from './pages.ts';
import type { Place } from './place.ts';
import { type Names, readNames } from './read-names.ts';
import { processCommands, readProcesses } from './read-processes.ts';

/** A list or set that holds jobs now. */
export type JobSource = {
  readonly place: JobPlace;
  /** Where the place is a private list. */
  readonly list?: PrivateList;
  readonly source: PageSource;
  readonly size: number;
};

/** Every place where jobs are, and who works on them. */
export type FoundJobs = {
  readonly names: Names;
  /** Also those that fell out of `queues`. */
  readonly queueNames: readonly string[];
  readonly processes: readonly BareProcess[];
  /** Of processes that live. */
  readonly works: readonly Work[];
  /** Smallest first, so that when the time runs out all but the largest have been read. */
  readonly sources: readonly JobSource[];
  /** All of the keyspace has been searched by this look, from its beginning to its end. */
  readonly isSearchedWhole: boolean;
};

/** Looks for them, for at most about `searchMs` in the keyspace, `goOn` being asked now and then; `queues` are read whether they are registered or not. */
export async function findJobs(
  place: Place,
  searchMs: number,
  queues: readonly string[],
  faults: Faults,
  goOn?: GoOn,
): Promise<FoundJobs> {
  const { connection, keys, search, clock } = place;
  const isSearchedWhole = search.watchForWhole();
  const names = await readNames(connection, keys, () => clock.nowMs(), faults);
  const [{ processes, works }] = await Promise.all([
    readProcesses(
      place,
      names.processes,
      await ask(connection, processCommands(keys, names.processes)),
      names.nowMs,
      faults,
    ),
    search.advance(searchMs, names.hasGitlabFetchers, names.nowMs, faults, goOn),
  ]);
  const { lists, unregisteredQueues } = await place.privateLists.read(names, processes, faults);
  const queueNames = [...new Set([...names.queues, ...unregisteredQueues, ...queues])];
  return {
    names,
    queueNames,
    processes,
    works: livingWorks(processes, works),
    isSearchedWhole: isSearchedWhole(),
    sources: await measure(connection, faults, [
      ...queueNames.map((queue) => ({
        place: { kind: 'queue' as const, queue },
        source: listSource(keys.queue(queue)),
      })),
      ...lists.map((list) => ({
        place: { kind: 'private_list' as const, queue: list.queue?.name },
        list,
        source: listSource(list.key),
      })),
      { place: { kind: 'retry_set' }, source: setSource(keys.retrySet) },
      { place: { kind: 'scheduled_set' }, source: setSource(keys.scheduledSet) },
    ]),
  };
}

/** What has no size is left out. */
async function measure(
  connection: Connection,
  faults: Faults,
  sources: readonly Omit<JobSource, 'size'>[],
): Promise<JobSource[]> {
  const replies = await ask(
    connection,
    sources.map(({ source }) => source.size),
  );
  return sources
    .map((source, index) => {
      const [, key] = source.source.size;
      const wanted = source.place.kind.endsWith('_set') ? 'sorted set' : 'list';
      return { ...source, size: numberIn(answer(replies[index], String(key), faults, wanted)) ?? 0 };
    })
    .filter(({ size }) => size > 0)
    .sort((one, other) => one.size - other.size);
}

/** Small lists are many: reading one after the other would be nothing but waiting. */
const SMALL_LIST = 1000;
const SMALL_LISTS_AT_ONCE = 8;

/** Reads all of them, page by page; false when the time ran out first, or Redis refused a page. */
export async function readSources(
  connection: Connection,
  sources: readonly JobSource[],
  leftMs: () => number,
  onPage: (source: JobSource, page: Page) => void,
): Promise<boolean> {
  let isFinished = true;
  const mayRead = pagesWithin(connection, leftMs);
  const heard = (reply: Reply | undefined) => {
    if (wasRefused(reply)) isFinished = false;
  };
  const readOne = async (one: JobSource) => {
    if (!(await mayRead())) {
      isFinished = false;
      return;
    }
    let read = 0;
    for await (const page of readPages(connection, one.source, heard)) {
      onPage(one, page);
      const before = read;
      read += page.length;
      // Most likely its last: nobody should wait for a page that does not come.
      const isAtEnd = before < one.size && read >= one.size;
      if (isAtEnd || (await mayRead())) continue;
      isFinished = false;
      return;
    }
  };
  const small = sources.filter(({ size }) => size <= SMALL_LIST);
  for (let from = 0; from < small.length; from += SMALL_LISTS_AT_ONCE) {
    await Promise.all(small.slice(from, from + SMALL_LISTS_AT_ONCE).map(readOne));
  }
  for (const one of sources) if (one.size > SMALL_LIST) await readOne(one);
  return isFinished;
}
