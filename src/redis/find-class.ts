import type { ClassFound, ClassSearch } from '../core/actions/purge-found.ts';
import { PurgeTally } from '../core/actions/purge-tally.ts';
import { evictionOf, readRedisState } from '../core/redis-state.ts';
import type { BareProcess } from '../core/sidekiq/process.ts';
import type { Work } from '../core/sidekiq/snapshot.ts';
import { Faults, numberIn } from './answers.ts';
import { ask, type Command } from './ask.ts';
import { findJobs, readSources } from './job-sources.ts';
import type { Place } from './place.ts';
import { readCronEntries } from './read-cron.ts';

/** So much of the time may go into looking for private lists before the counting begins. */
const SEARCH_SHARE = 0.25;

/** Counts what a purge of one class would take, wherever it is, until all is read or the time is up. @throws {RedisUnavailable} */
export async function findClass(place: Place, search: ClassSearch): Promise<ClassFound> {
  const { connection, keys } = place;
  const { jobClass, queues, budgetMs } = search;
  const startedAtMs = performance.now();
  const faults = new Faults();
  const found = await findJobs(place, budgetMs * SEARCH_SHARE, [], faults);
  const cutOffMs = search.cutOffMs ?? found.names.nowMs;
  const sources = found.sources.filter(
    ({ place: { kind, ...where } }) =>
      kind !== 'queue' || queues.length === 0 || ('queue' in where && queues.includes(where.queue ?? '')),
  );
  const tally = new PurgeTally({ jobClass, queues, cutOffMs });
  const isFinished = await readSources(
    connection,
    sources,
    () => startedAtMs + budgetMs - performance.now(),
    ({ place: jobPlace, list }, page) => tally.add(jobPlace, list, page),
  );
  // What of cron may not be read makes no count of jobs a guess.
  const isReadable = faults.forbidden === undefined;
  const jids = tally.sampledJids();
  const [iterable, leader, cron] = await Promise.all([
    ask(
      connection,
      jids.map((jid): Command => ['EXISTS', keys.iterable(jid)]),
    ),
    ask(connection, [['EXISTS', keys.leader]]),
    readCronEntries(connection, keys, jobClass, faults),
  ]);
  const isSearchComplete = place.search.state.isComplete;
  return {
    sidekiq: place.sidekiq,
    takenAtMs: found.names.nowMs,
    tookMs: performance.now() - startedAtMs,
    cutOffMs,
    ...tally.found(),
    marks: {
      ...tally.marks(),
      iterable: { count: iterable.filter(isOne).length, of: jids.length },
    },
    running: runningOf(jobClass, queues, found.works),
    cron,
    hasLeader: leader.some(isOne),
    eviction: evictionIn(found.names.info),
    queueNames: [...new Set([...found.queueNames, ...servedBy(found.processes)])],
    exactness: {
      isExact: isFinished && isSearchComplete && isReadable,
      isSearchComplete,
      readCount: tally.readCount,
      knownCount: sources.reduce((sum, { size }) => sum + size, 0),
    },
  };
}

function evictionIn(info: string | undefined): ClassFound['eviction'] {
  const state = readRedisState({ info, pingMs: 0, stopsWritesOnFailedSave: undefined });
  const of = evictionOf(state);
  return of === undefined ? undefined : { of, policy: state.maxMemoryPolicy ?? '' };
}

/** A work hash tells no mailer: of one mail's threads nothing is known. */
function runningOf(
  jobClass: string,
  queues: readonly string[],
  works: readonly Work[],
): ClassFound['running'] {
  const running = works.filter(
    (work) => work.jobClass === jobClass && (queues.length === 0 || queues.includes(work.queue)),
  );
  return { threads: running.length, processes: new Set(running.map(({ identity }) => identity)).size };
}

/** Also queues that are empty now have names: their workers say them. */
function servedBy(processes: readonly BareProcess[]): readonly string[] {
  return processes.flatMap((process) => process.queues);
}

function isOne(reply: { readonly ok: boolean; readonly value?: unknown }): boolean {
  return reply.ok && numberIn(reply.value) === 1;
}
