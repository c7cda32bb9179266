import type { Dialect } from './dialect.ts';
import { beatCalls } from './heartbeat.ts';
import { failedJob, jobText } from './job.ts';
import type { JobClass } from './job-class.ts';
import { bootProcess, type ProcessSettings, type SimulatedProcess } from './process.ts';
import type { Random } from './random.ts';
import type { Call, FleetRedis } from './redis-call.ts';
import { beginJob } from './work.ts';

/** What every seed needs: where to, in whose way of writing, by which chance, and when. */
export type Seeding = {
  readonly redis: FleetRedis;
  readonly dialect: Dialect;
  readonly random: Random;
  readonly nowMs: number;
};

/** Big enough that a seed of hundreds of thousands of jobs takes seconds, small enough not to hold Redis. */
const JOBS_A_CALL = 500;
const CALLS_A_PIPELINE = 10;
const PROCESS_TTL_MS = 60_000;
const RETRY_DUE_IN_MS = 15 * 60 * 1000;

async function sendAll(redis: FleetRedis, calls: readonly Call[]): Promise<void> {
  for (const reply of await redis.pipeline(calls)) if (reply instanceof Error) throw reply;
}

/** A mixture of classes: how many jobs of each. */
export type Mixture = readonly { readonly jobClass: JobClass; readonly jobs: number }[];

/** Fills the queues of the classes; the oldest job was pushed `oldestMs` ago, the newest just now, classes mixed evenly. */
export async function seedQueues(seeding: Seeding, mixture: Mixture, oldestMs: number): Promise<void> {
  const { redis, nowMs } = seeding;
  const total = mixture.reduce((sum, { jobs }) => sum + jobs, 0);
  if (total === 0) return;
  await sendAll(redis, [['SADD', 'queues', ...new Set(mixture.map(({ jobClass }) => jobClass.queue))]]);
  let pushes: Call[] = [];
  const sent = new Map<JobClass, number>();
  const slices = Math.ceil(total / JOBS_A_CALL);
  for (let slice = 1; slice <= slices; slice += 1) {
    const sliceMs = nowMs - oldestMs * (1 - slice / slices);
    for (const { jobClass, jobs } of mixture) {
      const before = sent.get(jobClass) ?? 0;
      const until = Math.round((jobs * slice) / slices);
      if (until === before) continue;
      sent.set(jobClass, until);
      pushes.push(pushCall(seeding, jobClass, until - before, sliceMs));
    }
    if (pushes.length < CALLS_A_PIPELINE && slice < slices) continue;
    await sendAll(redis, pushes);
    pushes = [];
  }
}

function pushCall({ dialect, random }: Seeding, jobClass: JobClass, jobs: number, pushedAtMs: number): Call {
  const texts = Array.from({ length: jobs }, () => jobText(jobClass, dialect, pushedAtMs, random));
  return ['LPUSH', `queue:${jobClass.queue}`, ...texts];
}

/** Puts failed jobs of a class into the retry set, each due in the next hours. */
export async function seedRetrySet(seeding: Seeding, jobClass: JobClass, jobs: number): Promise<void> {
  const { redis, dialect, random, nowMs } = seeding;
  const failure = jobClass.failure ?? { share: 1, errorClass: 'RuntimeError', message: 'it did not work' };
  const calls = Array.from({ length: jobs }, (): Call => {
    const failedAtMs = nowMs - random.integer(3_600_000);
    let failed = failedJob(
      jobText(jobClass, dialect, failedAtMs, random),
      failure,
      dialect,
      failedAtMs,
      random,
    );
    // Old failures: the next try lies well ahead, so that the set does not drain while somebody looks at it.
    while (failed.dueSeconds * 1000 <= nowMs + RETRY_DUE_IN_MS) {
      failed = failedJob(failed.text, failure, dialect, failed.dueSeconds * 1000, random);
    }
    return ['ZADD', 'retry', failed.dueSeconds, failed.text];
  });
  await sendAll(redis, calls);
}

/** Puts jobs into a private list, as if the process with that host and index had taken them. */
export async function seedPrivateList(
  { redis, dialect, random, nowMs }: Seeding,
  key: string,
  jobClass: JobClass,
  jobs: number,
): Promise<readonly string[]> {
  const texts = Array.from({ length: jobs }, () => jobText(jobClass, dialect, nowMs, random));
  await sendAll(redis, [['LPUSH', key, ...texts]]);
  return texts;
}

/** A process that writes its one beat at `beatAtMs` and runs one job of each class given. */
async function seedProcess(
  { redis, dialect, random, nowMs }: Seeding,
  settings: ProcessSettings,
  running: readonly JobClass[],
  beatAtMs: number = nowMs,
): Promise<SimulatedProcess> {
  const process = bootProcess(settings, beatAtMs, random);
  const classes = new Map(running.map((jobClass) => [jobClass.name, jobClass]));
  for (const [position, jobClass] of running.entries()) {
    const thread = process.threads[position];
    if (thread === undefined) throw new Error(`${settings.host} has no thread for ${running.length} jobs`);
    const text = jobText(jobClass, dialect, beatAtMs, random);
    thread.running = beginJob({ queue: jobClass.queue, text }, classes, beatAtMs, random);
  }
  await sendAll(redis, beatCalls(process, beatAtMs, random));
  return process;
}

/** What is left of a process that was killed `agoMs` ago: its name, and its hashes while their minute lasts. */
export async function seedDeadProcess(
  seeding: Seeding,
  settings: ProcessSettings,
  running: readonly JobClass[],
  agoMs: number,
): Promise<SimulatedProcess> {
  const process = await seedProcess(seeding, settings, running, seeding.nowMs - agoMs);
  const { identity } = process.facts;
  const leftMs = PROCESS_TTL_MS - agoMs;
  const keys = [identity, `${identity}:${process.dialect.workKeySuffix}`];
  await sendAll(
    seeding.redis,
    keys.map((key): Call => (leftMs > 0 ? ['PEXPIRE', key, leftMs] : ['UNLINK', key])),
  );
  return process;
}

/** A fleet that stands still: every process has just beaten, every thread runs a job. For the big readings. */
export async function seedBusyFleet(
  seeding: Seeding,
  settings: ProcessSettings,
  processes: number,
  running: readonly [JobClass, ...JobClass[]],
): Promise<void> {
  for (let number = 0; number < processes; number += 1) {
    const container = { ...settings, host: `${settings.host}-${number}` };
    const jobs = Array.from({ length: settings.concurrency }, () => seeding.random.pick(running));
    await seedProcess(seeding, container, jobs);
  }
}

/** What the fleet did on the days before, and today until it stood still `idleMs` ago. */
export async function seedDailyStats(
  { redis, nowMs }: Seeding,
  aDay: { readonly processed: number; readonly failed: number },
  days: number,
  idleMs = 0,
): Promise<void> {
  const dayMs = 24 * 60 * 60 * 1000;
  const calls = Array.from({ length: days }, (_, age): readonly Call[] => {
    const endsAtMs = Math.floor(nowMs / dayMs - age + 1) * dayMs;
    const share = Math.min(1, Math.max(0, (nowMs - idleMs - (endsAtMs - dayMs)) / dayMs));
    const date = new Date(endsAtMs - dayMs).toISOString().slice(0, 10);
    return Object.entries(aDay).flatMap(([name, count]): readonly Call[] => [
      ['INCRBY', `stat:${name}`, Math.round(count * share)],
      ['INCRBY', `stat:${name}:${date}`, Math.round(count * share)],
    ]);
  });
  await sendAll(redis, calls.flat());
}
