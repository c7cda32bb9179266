import { hasFailedSave, readRedisState } from '../core/redis-state.ts';
import { fetchOf } from '../core/sidekiq/fetch/index.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import type { Counters, Queue, Snapshot } from '../core/sidekiq/snapshot.ts';
import { utcDate } from '../core/sidekiq/times.ts';
import { Faults, numberIn } from './answers.ts';
import { ask, type Command } from './ask.ts';
import type { Connection } from './connect.ts';
import type { Place } from './place.ts';
import { type Names, readNames } from './read-names.ts';
import { processCommands, readProcesses } from './read-processes.ts';
import { queueCommands, readQueues } from './read-queues.ts';
import { readSet, setCommands } from './read-sets.ts';

/**
 * The first answer should know the private lists of any keyspace of ordinary size. Of one that is larger, ten million keys say,
 * a tenth of Redis's time is enough for the rest of the first search; later ones only keep up.
 */
const FIRST_SEARCH_MS = 1500;
const LONG_SEARCH_MS = 500;
const NEXT_SEARCH_MS = 50;

/**
 * Reads one instant in three round trips: names; sizes, hashes and ends; then what was running, in slices. The search
 * for private lists goes on beside the last one.
 */
export async function takeSnapshot(place: Place): Promise<Snapshot> {
  const { sidekiq, connection, keys, search, clock } = place;
  const startedAtMs = performance.now();
  const faults = new Faults();
  const names = await readNames(connection, keys, () => clock.nowMs(), faults);
  const queueNames = names.queues;
  const parts = [
    queueCommands(keys, queueNames),
    processCommands(keys, names.processes),
    [keys.retrySet, keys.scheduledSet, keys.deadSet].flatMap(setCommands),
    counterCommands(keys, names.nowMs),
  ] as const;
  const replies = await ask(connection, parts.flat());
  const [ofQueues, ofProcesses, ofSets, ofCounters] = cut(replies, parts);
  const searchMs = search.state.isComplete
    ? NEXT_SEARCH_MS
    : search.hasBegun
      ? LONG_SEARCH_MS
      : FIRST_SEARCH_MS;
  const [{ processes, works }, retrySet, scheduledSet, deadSet, stopsWritesOnFailedSave] = await Promise.all([
    readProcesses(place, names.processes, ofProcesses ?? [], names.nowMs, faults),
    readSet(connection, keys.retrySet, ofSets?.slice(0, 3) ?? [], 'due', names.nowMs, faults),
    readSet(connection, keys.scheduledSet, ofSets?.slice(3, 6) ?? [], 'due', names.nowMs, faults),
    readSet(connection, keys.deadSet, ofSets?.slice(6, 9) ?? [], 'addedLastHour', names.nowMs, faults),
    hasFailedSave(names.info) ? readStopsWrites(connection) : undefined,
    search.advance(searchMs, names.hasGitlabFetchers, names.nowMs, faults),
  ]);
  const privateLists = await place.privateLists.read(names, processes, faults);
  const queues = readQueues(keys, queueNames, ofQueues ?? [], names.paused, names.nowMs, faults);
  const unregistered = await readUnregistered(place, names, privateLists.unregisteredQueues, faults);
  return {
    sidekiq,
    takenAtMs: names.nowMs,
    tookMs: performance.now() - startedAtMs,
    queues: [...queues, ...unregistered],
    retrySet,
    scheduledSet,
    deadSet,
    processes: processes.map((process) => ({
      ...process,
      version: process.version.text,
      fetch: fetchOf(process, privateLists.fleet),
    })),
    works,
    privateLists: privateLists.lists,
    privateListSearch: search.state,
    counters: readCounters(ofCounters?.map((reply) => (reply.ok ? reply.value : undefined)) ?? []),
    redis: readRedisState({ info: names.info, pingMs: names.pingMs, stopsWritesOnFailedSave }),
    faults: faults.list(),
  };
}

/** The replies of several lists of commands that were sent as one. */
function cut<T>(replies: readonly T[], parts: readonly (readonly unknown[])[]): T[][] {
  let from = 0;
  return parts.map(({ length }) => {
    from += length;
    return replies.slice(from - length, from);
  });
}

function counterCommands(keys: SidekiqKeys, nowMs: number): Command[] {
  const today = utcDate(nowMs);
  return [keys.processed, keys.failed, keys.processedOn(today), keys.failedOn(today)].map((key) => [
    'GET',
    key,
  ]);
}

function readCounters(values: readonly unknown[]): Counters {
  const [processed = 0, failed = 0, processedToday = 0, failedToday = 0] = values.map((value) =>
    Math.max(0, numberIn(value) ?? 0),
  );
  return { processed, failed, processedToday, failedToday };
}

/** Only where both settings are as shipped does a failed save stop writes. */
async function readStopsWrites(connection: Connection): Promise<boolean | undefined> {
  const replies = await ask(connection, [
    ['CONFIG', 'GET', 'stop-writes-on-bgsave-error'],
    ['CONFIG', 'GET', 'save'],
  ]);
  const [stops, save] = replies.map((reply) =>
    reply.ok && Array.isArray(reply.value) ? String(reply.value[1]) : undefined,
  );
  return stops === undefined || save === undefined ? undefined : stops === 'yes' && save !== '';
}

/** Workers that listen to such a queue still run its jobs; but nobody who looks at `queues` sees them wait. */
async function readUnregistered(
  { connection, keys }: Place,
  { paused, nowMs }: Names,
  queueNames: readonly string[],
  faults: Faults,
): Promise<Queue[]> {
  const replies = await ask(connection, queueCommands(keys, queueNames));
  for (const name of queueNames) {
    const key = keys.queue(name);
    faults.note(
      'unregistered',
      key,
      `${key} holds jobs, but is missing in ${keys.queues}: Sidekiq's own pages do not show it.`,
    );
  }
  return readQueues(keys, queueNames, replies, paused, nowMs, faults);
}
