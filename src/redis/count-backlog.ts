import type { Backlog, BacklogRequest } from '../core/sidekiq/backlog.ts';
import { type JobPlace, Tally } from '../core/sidekiq/tally.ts';
import { Faults, numberIn } from './answers.ts';
import { ask } from './ask.ts';
import { listSource, type PageSource, readPages, setSource } from './pages.ts';
import { readNames } from './read-names.ts';
import { processCommands, readProcesses } from './read-processes.ts';
import type { Place } from './take-snapshot.ts';

/** So much of the time may go into looking for private lists before the counting begins. */
const SEARCH_SHARE = 0.25;
/** Small lists are many: reading one after the other would be nothing but waiting. */
const SMALL_LIST = 1000;
const SMALL_LISTS_AT_ONCE = 8;

/** A list or set to be counted. */
type Job = { readonly place: JobPlace; readonly source: PageSource; readonly size: number };

/** Counts what waits by class, wherever it waits, until all is read or the time is up. */
export async function countBacklog(place: Place, request: BacklogRequest): Promise<Backlog> {
  const { connection, keys, search, clock } = place;
  const startedAtMs = performance.now();
  const hasTime = () => performance.now() - startedAtMs < request.budgetMs;
  const faults = new Faults();
  const names = await readNames(connection, keys, () => clock.nowMs(), faults);
  const searchMs = request.budgetMs * SEARCH_SHARE;
  const [found] = await Promise.all([
    readProcesses(
      place,
      names.processes,
      await ask(connection, processCommands(keys, names.processes)),
      names.nowMs,
      faults,
    ),
    search.advance(searchMs, names.hasGitlabFetchers, names.nowMs, faults),
  ]);
  const { lists, unregisteredQueues } = await place.privateLists.read(names, found.processes, faults);
  const sources = await measure(place, [
    ...sourcesOf(
      place,
      request.queue === undefined ? [...names.queues, ...unregisteredQueues] : [request.queue],
    ),
    ...lists
      .filter(({ queue }) => request.queue === undefined || queue?.name === request.queue)
      .map(({ key, queue }) => ({
        place: { kind: 'private_list' as const, queue: queue?.name },
        source: listSource(key),
      })),
    ...(request.queue === undefined ? setsOf(place) : []),
  ]);

  const tally = new Tally();
  // What a lost process ran stays in its work hash for up to a minute, and is running no more.
  const alive = new Set(
    found.processes.flatMap(({ identity, state }) => (state === 'alive' ? [identity] : [])),
  );
  for (const { identity, jobClass, queue } of found.works) {
    const isAsked = alive.has(identity) && (request.queue ?? queue) === queue;
    if (jobClass !== undefined && isAsked) tally.addRunning(jobClass);
  }
  const small = sources.filter(({ size }) => size <= SMALL_LIST);
  const large = sources.filter(({ size }) => size > SMALL_LIST);
  let isFinished = true;
  const count = async ({ place: jobPlace, source }: Job) => {
    for await (const page of readPages(connection, source)) {
      tally.add(jobPlace, page);
      if (hasTime()) continue;
      isFinished = false;
      return;
    }
  };
  for (let from = 0; from < small.length && hasTime(); from += SMALL_LISTS_AT_ONCE) {
    await Promise.all(small.slice(from, from + SMALL_LISTS_AT_ONCE).map(count));
  }
  for (const job of large) {
    if (hasTime()) await count(job);
    else isFinished = false;
  }
  return {
    sidekiq: place.sidekiq,
    takenAtMs: names.nowMs,
    tookMs: performance.now() - startedAtMs,
    classes: tally.classes(),
    ...(tally.ofOtherClasses === 0 ? {} : { ofOtherClasses: tally.ofOtherClasses }),
    notJobs: tally.notJobs,
    isExact: isFinished && search.state.isComplete,
    readCount: tally.readCount,
    knownCount: sources.reduce((sum, { size }) => sum + size, 0),
  };
}

function sourcesOf({ keys }: Place, queueNames: readonly string[]): Omit<Job, 'size'>[] {
  return queueNames.map((queue) => ({
    place: { kind: 'queue', queue },
    source: listSource(keys.queue(queue)),
  }));
}

function setsOf({ keys }: Place): Omit<Job, 'size'>[] {
  return [
    { place: { kind: 'retry_set' }, source: setSource(keys.retrySet) },
    { place: { kind: 'scheduled_set' }, source: setSource(keys.scheduledSet) },
  ];
}

/** Sizes, smallest first, so that when the time runs out all but the largest have been counted. What has none is left out. */
async function measure({ connection }: Place, sources: readonly Omit<Job, 'size'>[]): Promise<Job[]> {
  const replies = await ask(
    connection,
    sources.map(({ source }) => source.size),
  );
  return sources
    .map((source, index) => {
      const reply = replies[index];
      return { ...source, size: (reply?.ok === true ? numberIn(reply.value) : undefined) ?? 0 };
    })
    .filter(({ size }) => size > 0)
    .sort((one, other) => one.size - other.size);
}
