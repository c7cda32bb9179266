import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import type { Benchmark } from './benchmark.ts';
import { clock, fillQueue, watchSlowLog } from './stage.ts';

const KEYS = 10_000_000;
const JOBS = 100_000;
const POLL_MS = 5000;
/** Known by nobody but whoever searches the keyspace. */
const HIDDEN = 'queue:default_worker-gone_1';
const PLAN_MS = 1500;

/** Sidekiq's Redis is also the application's cache, of ten million keys, and somewhere among them lies a private list. */
export const keys: Benchmark = {
  name: 'keys',
  run: async () => {
    await using server = await startRedisServer({ args: ['--enable-debug-command', 'local'] });
    const redis = new Redis(server.url);
    await redis.call('DEBUG', 'POPULATE', String(KEYS), 'cache', '20');
    await redis.sadd('queues', 'default');
    await fillQueue(redis, 'queue:default', JOBS);
    await fillQueue(redis, HIDDEN, 5);
    const slow = await watchSlowLog(redis);
    const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
    const cpuBefore = await cpuS(redis);
    const startedAtMs = performance.now();
    const firstMs = (await reader.snapshot()).tookMs;
    const plan = await reader.findClass({
      jobClass: 'Recurring::DisasterJob',
      queues: [],
      budgetMs: PLAN_MS,
    });
    let looks = 1;
    let longestMs = 0;
    let found = false;
    for (let isComplete = false; !isComplete; looks += 1) {
      await pause(POLL_MS);
      const look = await reader.snapshot();
      isComplete = look.privateListSearch.isComplete;
      found ||= look.privateLists.some(({ key }) => key === HIDDEN);
      longestMs = Math.max(longestMs, look.tookMs);
    }
    const searchedS = (performance.now() - startedAtMs) / 1000;
    const busyShare = ((await cpuS(redis)) - cpuBefore) / searchedS;
    await reader.close();
    const figures = await slow();
    redis.disconnect();
    if (!found) throw new Error('the private list was not found');
    return [
      {
        what: 'the first health, with the search that goes with it',
        value: firstMs,
        unit: 'ms',
        atMost: 2500,
      },
      {
        what: 'every later one until all keys are seen, the longest',
        value: longestMs,
        unit: 'ms',
        atMost: 1500,
      },
      { what: 'a purge plan meanwhile', value: plan.tookMs, unit: 'ms', atMost: 2500 },
      { what: `until all keys are seen, in ${looks} looks`, value: searchedS / 60, unit: 'min' },
      { what: 'busy time of Redis meanwhile, of all time', value: busyShare, unit: 'x', atMost: 0.25 },
      ...figures,
    ];
  },
};

async function cpuS(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  return ['used_cpu_user', 'used_cpu_sys'].reduce(
    (sum, name) => sum + Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0),
    0,
  );
}
