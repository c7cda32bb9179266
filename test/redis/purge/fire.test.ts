import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { startRedisServer } from '../../redis-server.ts';
import { startDatabases } from '../../store/databases.ts';
import { allOf } from './stage.ts';
import { Bag, everythingIn, Traffic } from './traffic.ts';

const CUT_OFF_MS = 1_795_454_600_000;
const QUOTED = 'Odd::"Quoted\\"Job';
const WRAPPED = 'Recurring::WrappedJob';
const WRAPPER = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper';
const QUEUES = ['ordered', 'default', 'low', 'short'];
const LISTS = Array.from(
  { length: 40 },
  (_, index) => `queue:sq|host${index}:1:${'0123456789ab'}|${QUEUES[index % QUEUES.length]}`,
);

let made = 0;
/** One of six classes, in any of the shapes in which jobs come. `isLate` are those that came after the plan. */
function payload(isLate = false): string {
  made += 1;
  const created_at = (CUT_OFF_MS + (isLate ? 1 : -1) * (1 + (made % 1000))) / (made % 2 === 0 ? 1 : 1000);
  const common = { jid: randomBytes(12).toString('hex'), queue: 'default', retry: true };
  const classes = [QUOTED, 'PayrollRunJob', 'Ledger::SyncJob', `${QUOTED}2`, 'PayslipMailJob'];
  switch (made % 12) {
    case 0:
    case 1:
    case 2:
      return JSON.stringify({
        class: WRAPPER,
        wrapped: WRAPPED,
        args: [{ job_class: WRAPPED, n: made }],
        created_at,
        ...common,
      });
    case 3:
      return JSON.stringify({
        args: [{ class: QUOTED, wrapped: WRAPPED }],
        class: 'PayrollRunJob',
        created_at,
        ...common,
      });
    case 4:
      return JSON.stringify({ ...common, class: pick([QUOTED, WRAPPED]), args: [made] });
    case 5:
      return `${JSON.stringify({ class: pick([QUOTED, WRAPPED]), args: [made], created_at, ...common }).slice(0, -1)}`;
    default:
      return JSON.stringify({
        ...common,
        created_at,
        args: [made, 'x'.repeat(made % 200)],
        class: pick(['', '', ...classes]) || QUOTED,
      });
  }
}

const pick = <T>(all: readonly T[]) => all[Math.floor(Math.random() * all.length)] as T;

/** By the rules of the plan, told once more in other words. */
function isMeant(text: string, jobClass: string): boolean {
  try {
    const job = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    const created = job.created_at > 1e11 ? job.created_at : job.created_at * 1000;
    return (job.wrapped ?? job.class) === jobClass && Math.round(created) < CUT_OFF_MS;
  } catch {
    return false;
  }
}

const KILLS = 20;
/** A full Redis takes no new jobs, so there the purge may be over before it was killed so often. */
const LEAST_KILLS_FULL = 5;
/** In one queue; with the others, the sets and forty lists it is over two hundred thousand. */
const QUEUED = 64_000;

test.each([
  { where: 'a Redis with room', store: 'SQLite', jobClass: QUOTED, isFull: false },
  { where: 'a Redis with room', store: 'PostgreSQL', jobClass: WRAPPED, isFull: false },
  { where: 'a full Redis', store: 'SQLite', jobClass: WRAPPED, isFull: true },
  { where: 'a full Redis', store: 'PostgreSQL', jobClass: QUOTED, isFull: true },
] as const)(
  'in $where, archived in $store, between producers, workers and kill -9, every payload is accounted for by its bytes',
  async ({ store: kind, jobClass, isFull }) => {
    await using databases = await startDatabases();
    await using server = await startRedisServer();
    const redis = new Redis(server.url, { enableReadyCheck: false });
    const storeUrl = await databases.createUrl(kind);
    const traffic = new Traffic(redis);
    const fill = async (queue: string, count: number) => {
      const jobs = Array.from({ length: count }, (_, index) => payload(index % 10 === 9));
      // The client sent these twice.
      jobs.push(...jobs.slice(0, 20));
      for (let from = 0; from < jobs.length; from += 1000) {
        await redis.lpush(`queue:${queue}`, ...jobs.slice(from, from + 1000));
      }
      for (const job of jobs) traffic.pushed.add(Buffer.from(job));
      return jobs;
    };
    await redis.sadd('queues', ...QUEUES);
    const ordered = await fill('ordered', QUEUED);
    await fill('default', 2 * QUEUED);
    await fill('low', QUEUED / 4);
    await fill('short', 300);
    const odd = Buffer.from([0xff, 0x00, 0xfe]);
    await redis.lpush('queue:low', odd, odd);
    traffic.pushed.add(odd, 2);
    for (const key of ['retry', 'schedule', ...LISTS]) {
      for (let count = key.startsWith('queue') ? 5 : 1500; count > 0; count -= 1) {
        const job = payload();
        traffic.pushed.add(Buffer.from(job));
        if (key.startsWith('queue')) await redis.lpush(key, job);
        else await redis.zadd(key, CUT_OFF_MS / 1000 + count / 3, job);
      }
    }
    if (isFull) await redis.config('SET', 'maxmemory', '1mb');
    traffic.start(QUEUES, LISTS, () => payload(true));

    let killed = 0;
    let isClean = false;
    const run = async (stepsToLive: number) => {
      const args = [
        join(import.meta.dirname, 'purging-child.ts'),
        storeUrl,
        server.url,
        jobClass,
        String(CUT_OFF_MS),
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      let steps = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith('{')) isClean = JSON.parse(line).type === 'clean';
        steps += 1;
        if (steps !== stepsToLive) continue;
        if (Math.random() < 0.7) await pause(Math.random() * 8);
        if (child.kill('SIGKILL')) killed += 1;
      }
      await exited;
    };
    while (killed < KILLS) {
      isClean = false;
      await run(1 + Math.floor(Math.random() * 12));
      // Jobs that crash and come back keep their birth: they belong to the purge, whenever they come.
      if (isClean && !isFull) await fill(pick(QUEUES.slice(1)), 2000);
      else if (isClean) break;
    }
    await traffic.stop();
    expect(killed).toBeGreaterThanOrEqual(isFull ? LEAST_KILLS_FULL : KILLS);
    await run(Number.POSITIVE_INFINITY);
    expect(isClean).toBe(true);

    await using store = await openStore(storeUrl);
    const archived = new Bag();
    for (const job of await allOf(store)) archived.add(job.payload);
    const left = await everythingIn(redis);
    const unaccounted = traffic.pushed.minus(traffic.taken).minus(left).minus(archived);
    expect([...unaccounted.counts].slice(0, 3)).toEqual([]);
    expect([...archived.counts.keys()].filter((text) => !isMeant(text, jobClass))).toEqual([]);
    expect([...left.counts.keys()].filter((text) => isMeant(text, jobClass))).toEqual([]);
    expect(archived.counts.size).toBeGreaterThan(3000);
    expect(await store.pendingChunks('p1')).toEqual([]);
    expect((await redis.smembers('queues')).sort()).toEqual([...QUEUES].sort());
    // Nobody takes from this queue, so whatever was there at first is there in the old order.
    const first = new Set(ordered);
    const rest = (await redis.lrange('queue:ordered', 0, -1)).reverse().filter((job) => first.has(job));
    expect(rest).toEqual(ordered.filter((job) => !isMeant(job, jobClass)));
    if (isFull) expect(traffic.refusals).toBeGreaterThan(0);
    redis.disconnect();
  },
  300_000,
);
