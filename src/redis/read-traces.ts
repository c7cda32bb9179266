import type { Counts, Traces } from '../core/attribution/traces.ts';
import { type Job, readJob } from '../core/sidekiq/job.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { endedIn, metricsMinuteNames } from '../core/sidekiq/metrics.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import { buffersIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

/** Bounds of what is looked at; enough to see which class leads, and together one or two megabytes. */
const MAX_LISTS = 200;
const JOBS_OF_A_LIST = 50;
const NEWEST_OF_A_SET = 500;
/** Rescued jobs go to the back of their queue (reference 6.3, 7.1), which is the left. */
const NEWEST_OF_A_QUEUE = 20;
const MAX_QUEUES = 50;
const METRICS_MINUTES = 60;
const MAX_JOB_BYTES = 64 * 1024;

/** Looks for what an incident has left lying around. @throws {RedisUnavailable} */
export async function readTraces(
  connection: Connection,
  keys: SidekiqKeys,
  snapshot: Snapshot,
): Promise<Traces> {
  const stranded = snapshot.privateLists
    .filter(({ ownerState, size }) => ownerState === 'dead' && size > 0)
    .slice(0, MAX_LISTS);
  const queues = snapshot.queues.filter(({ size }) => size > 0).slice(0, MAX_QUEUES);
  const [lists, sets, heads, minutes] = await Promise.all([
    ask(
      connection,
      stranded.map(({ key }): Command => ['LRANGE', key, 0, JOBS_OF_A_LIST - 1]),
    ),
    ask(connection, [
      ['ZRANGE', keys.interruptedSet, -NEWEST_OF_A_SET, -1],
      ['ZRANGE', keys.deadSet, -NEWEST_OF_A_SET, -1],
    ]),
    ask(
      connection,
      queues.map(({ name }): Command => ['LRANGE', keys.queue(name), 0, NEWEST_OF_A_QUEUE - 1]),
    ),
    ask(
      connection,
      metricsKeys(keys, snapshot.takenAtMs).map((key): Command => ['HGETALL', key]),
    ),
  ]);
  const waiting = [...lists, ...heads].flatMap(jobsOf);
  return {
    snapshot,
    strandedLists: stranded.map(({ key, owner }, index) => ({
      key,
      owner,
      classes: countByClass(jobsOf(lists[index])),
    })),
    interruptedSet: countByClass(jobsOf(sets[0])),
    rescuedJobs: countByClass(waiting.filter(({ interruptedCount = 0 }) => interruptedCount > 0)),
    deadWithoutError: countByClass(
      jobsOf(sets[1]).filter(
        ({ errorClass, failedAtMs }) => errorClass === undefined && failedAtMs === undefined,
      ),
    ),
    endedLastHour: endedLastHour(minutes),
  };
}

function metricsKeys(keys: SidekiqKeys, nowMs: number): readonly string[] {
  const minutes = Array.from({ length: METRICS_MINUTES }, (_, index) => nowMs - index * 60_000);
  return minutes.flatMap(metricsMinuteNames).map(keys.metrics);
}

/** Undefined when there are no metrics at all: Sidekiq 6 and older. */
function endedLastHour(replies: readonly Reply[]): Counts | undefined {
  const counts = new Map<string, number>();
  let hasMetrics = false;
  for (const reply of replies) {
    const cells = buffersIn(reply.ok ? reply.value : undefined).map(String);
    hasMetrics ||= cells.length > 0;
    for (let index = 0; index + 1 < cells.length; index += 2) {
      const ended = endedIn(cells[index] ?? '', cells[index + 1] ?? '');
      if (ended !== undefined) counts.set(ended[0], (counts.get(ended[0]) ?? 0) + ended[1]);
    }
  }
  return hasMetrics ? counts : undefined;
}

function jobsOf(reply: Reply | undefined): readonly Job[] {
  return buffersIn(reply?.ok ? reply.value : undefined).flatMap((raw) => {
    const reading = readJob(raw, MAX_JOB_BYTES);
    return reading.kind === 'job' ? [reading.job] : [];
  });
}

function countByClass(jobs: readonly Job[]): Counts {
  const counts = new Map<string, number>();
  for (const { jobClass } of jobs) counts.set(jobClass, (counts.get(jobClass) ?? 0) + 1);
  return counts;
}
