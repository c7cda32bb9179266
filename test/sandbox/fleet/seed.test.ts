import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dialectOf } from '../../../src/sandbox/fleet/dialect.ts';
import { DISASTER, INNOCENT, type JobClass } from '../../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import {
  type Seeding,
  seedBusyFleet,
  seedDailyStats,
  seedDeadProcess,
  seedPrivateList,
  seedQueues,
  seedRetrySet,
} from '../../../src/sandbox/fleet/seed.ts';
import { payrollContainers } from '../../../src/sandbox/fleet/stories/containers.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';
import { connect, fleetRedisOver } from './fleet-redis.ts';

const [PAYROLL, TAX] = INNOCENT as [JobClass, JobClass];
const NOW_MS = Date.now();

let server: RedisServer;
let redis: ReturnType<typeof connect>;
let seeding: Seeding;

beforeAll(async () => {
  server = await startRedisServer();
  redis = connect(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  seeding = {
    redis: fleetRedisOver(redis),
    dialect: dialectOf('6.5.12'),
    random: seededRandom(1),
    nowMs: NOW_MS,
  };
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function container() {
  const [settings] = payrollContainers(1, '6.5.12', 'basic');
  if (settings === undefined) throw new Error('no container');
  return settings;
}

test('queues hold exactly what was asked for, oldest at the right, classes mixed', async () => {
  await seedQueues(
    seeding,
    [
      { jobClass: PAYROLL, jobs: 1_234 },
      { jobClass: TAX, jobs: 3_000 },
    ],
    3_600_000,
  );
  const jobs = (await redis.lrange('queue:payroll', 0, -1)).map((text) => JSON.parse(text));
  expect(jobs.filter((job) => job.class === 'PayrollRunJob')).toHaveLength(1_234);
  expect(jobs).toHaveLength(4_234);
  expect(new Set(jobs.slice(-1_000).map((job) => job.class)).size).toBe(2);
  expect(jobs.at(-1).created_at).toBeLessThan(NOW_MS / 1000 - 3_000);
  expect(jobs[0].created_at).toBeGreaterThan(NOW_MS / 1000 - 1);
  expect(await redis.smembers('queues')).toEqual(['payroll']);
});

test('the retry set holds failures that are due later', async () => {
  await seedRetrySet(seeding, PAYROLL, 20);
  expect(await redis.zcard('retry')).toBe(20);
  expect(await redis.zcount('retry', '-inf', NOW_MS / 1000 + 600)).toBe(0);
  const [text] = await redis.zrange('retry', '0', '0');
  expect(JSON.parse(text ?? '{}')).toMatchObject({ error_class: 'RuntimeError', class: 'PayrollRunJob' });
});

test('a dead process keeps its name, and its hashes for the rest of their minute', async () => {
  const fresh = await seedDeadProcess(seeding, container(), [DISASTER], 20_000);
  const old = await seedDeadProcess(seeding, container(), [DISASTER], 90_000);
  expect(await redis.scard('processes')).toBe(2);
  const leftMs = await redis.pttl(fresh.facts.identity);
  expect(leftMs).toBeGreaterThan(35_000);
  expect(leftMs).toBeLessThanOrEqual(40_000);
  expect(await redis.hlen(`${fresh.facts.identity}:work`)).toBe(1);
  expect(await redis.exists(old.facts.identity, `${old.facts.identity}:work`)).toBe(0);
});

test('a private list holds jobs that no register knows', async () => {
  const key = 'queue:maintenance_worker-1_0';
  expect(await seedPrivateList(seeding, key, DISASTER, 5)).toHaveLength(5);
  expect(await redis.llen(key)).toBe(5);
  expect(await redis.exists('queues')).toBe(0);
});

test('a busy fleet runs a job in every thread', async () => {
  await seedBusyFleet(seeding, { ...container(), concurrency: 25 }, 20, [PAYROLL, TAX]);
  const names = await redis.smembers('processes');
  expect(names).toHaveLength(20);
  const busy = await Promise.all(names.map((name) => redis.hlen(`${name}:work`)));
  expect(new Set(busy)).toEqual(new Set([25]));
});

test('daily counters add up, and stop where the fleet stopped', async () => {
  const noonMs = Date.UTC(2026, 10, 23, 12);
  const sixHoursMs = 6 * 3_600_000;
  await seedDailyStats({ ...seeding, nowMs: noonMs }, { processed: 2_400, failed: 24 }, 3, sixHoursMs);
  expect(await redis.get('stat:processed:2026-11-23')).toBe('600');
  expect(await redis.get('stat:processed:2026-11-21')).toBe('2400');
  expect(await redis.get('stat:processed')).toBe('5400');
  expect(await redis.get('stat:failed')).toBe('54');
});

test('a seed that Redis refuses fails', async () => {
  await redis.set('queue:payroll', 'no list');
  await expect(seedQueues(seeding, [{ jobClass: PAYROLL, jobs: 1 }], 0)).rejects.toThrow('WRONGTYPE');
});
