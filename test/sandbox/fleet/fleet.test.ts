import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dialectOf } from '../../../src/sandbox/fleet/dialect.ts';
import { Fleet, type FleetSettings } from '../../../src/sandbox/fleet/fleet.ts';
import { DISASTER, type JobClass } from '../../../src/sandbox/fleet/job-class.ts';
import type { FetchName } from '../../../src/sandbox/fleet/process.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import { type Seeding, seedQueues } from '../../../src/sandbox/fleet/seed.ts';
import { payrollContainers } from '../../../src/sandbox/fleet/stories/containers.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';
import { connect, fleetRedisOver, jobsInLists } from './fleet-redis.ts';

const ENDLESS: JobClass = {
  name: 'EndlessJob',
  queue: 'payroll',
  look: 'plain',
  durationMs: 1e12,
  perSecond: 0,
};
const QUICK: JobClass = { name: 'QuickJob', queue: 'payroll', look: 'plain', durationMs: 100, perSecond: 0 };

let server: RedisServer;
let redis: ReturnType<typeof connect>;
const startMs = Date.now();

beforeAll(async () => {
  server = await startRedisServer();
  redis = connect(server.url);
});
beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function seeding(version: '4.2.10' | '6.5.12' = '6.5.12'): Seeding {
  return {
    redis: fleetRedisOver(redis),
    dialect: dialectOf(version),
    random: seededRandom(1),
    nowMs: startMs,
  };
}

function fleetOf(fetch: FetchName, more: Partial<FleetSettings> & { containerCount?: number } = {}): Fleet {
  const { containerCount = 2, ...settings } = more;
  return new Fleet(
    fleetRedisOver(redis),
    {
      containers: payrollContainers(containerCount, fetch === 'reliable_fetch' ? '4.2.10' : '6.5.12', fetch),
      classes: [ENDLESS, QUICK, DISASTER],
      clientVersion: '6.5.12',
      seed: 7,
      stepMs: 500,
      ...settings,
    },
    startMs,
  );
}

function running(fleet: Fleet): string[] {
  return fleet.processes.flatMap(({ threads }) =>
    threads.map((thread) => thread.running?.className ?? 'idle'),
  );
}

test('a killed process leaves its name and its hash until the minute is over; the next start drops the name', async () => {
  const fleet = fleetOf('basic', { containerCount: 1 });
  await fleet.advance(startMs + 20_000);
  const [name] = await redis.smembers('processes');
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 50_000);
  expect(await redis.smembers('processes')).toContain(name);
  const leftMs = await redis.pttl(name ?? '');
  expect(leftMs).toBeGreaterThan(25_000);
  expect(leftMs).toBeLessThanOrEqual(30_000);
  await fleet.advance(startMs + 81_000);
  expect(await redis.exists(name ?? '')).toBe(0);
  expect(await redis.smembers('processes')).toContain(name);
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 120_000);
  expect(await redis.smembers('processes')).not.toContain(name);
  expect(fleet.crashes).toBe(2);
});

test('a clean stop takes the name away at once, and the hash lives on', async () => {
  const fleet = fleetOf('basic', { containerCount: 1 });
  await fleet.advance(startMs + 20_000);
  const [name] = await redis.smembers('processes');
  await fleet.stop('payroll-worker-0');
  expect(await redis.smembers('processes')).toEqual([]);
  expect(await redis.pttl(name ?? '')).toBeGreaterThan(0);
});

test('a signal left in Redis is taken at a beat: quiet takes no more, stop gives the jobs back', async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 20 }], 1_000);
  const fleet = fleetOf('basic', { containerCount: 1 });
  await fleet.advance(startMs + 2_000);
  const [name] = await redis.smembers('processes');
  await redis.lpush(`${name}-signals`, 'TSTP');
  await fleet.advance(startMs + 11_000);
  expect(await redis.hget(name ?? '', 'quiet')).toBe('true');
  expect(await redis.llen('queue:payroll')).toBe(15);
  await redis.lpush(`${name}-signals`, 'TERM');
  await fleet.advance(startMs + 16_000);
  expect(await redis.llen('queue:payroll')).toBe(20);
});

test('basic fetch loses what runs in a killed process', async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 20 }], 1_000);
  const fleet = fleetOf('basic', { containerCount: 1 });
  await fleet.advance(startMs + 10_000);
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 30_000);
  expect(await redis.llen('queue:payroll')).toBe(10);
});

for (const fetch of ['reliable_fetch', 'super_fetch', 'gitlab-reliable', 'gitlab-semi-reliable'] as const) {
  test(`${fetch} keeps every job exactly once, however its processes die`, async () => {
    await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 60 }], 1_000);
    const before = (await redis.lrange('queue:payroll', 0, -1)).map((text) => JSON.parse(text).jid);
    const fleet = fleetOf(fetch);
    for (let minute = 1; minute <= 8; minute += 1) {
      await fleet.advance(startMs + minute * 60_000);
      fleet.kill(`payroll-worker-${minute % 2}`);
    }
    await fleet.advance(startMs + 600_000);
    const setAside = [
      ...(await redis.zrange('dead', '0', '-1')),
      ...(await redis.zrange('interrupted', '0', '-1')),
    ];
    const after = [...(await jobsInLists(redis)).values(), setAside]
      .flat()
      .map((text) => JSON.parse(text).jid);
    expect(after.toSorted()).toEqual(before.toSorted());
    expect(running(fleet).filter((name) => name === 'EndlessJob')).toHaveLength(10);
  });
}

test('reliable_fetch runs the jobs of its own private list first, oldest first', async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 50 }], 1_000);
  const fleet = fleetOf('reliable_fetch', { containerCount: 1 });
  await fleet.advance(startMs + 5_000);
  const held = await redis.lrange('queue:payroll_payroll-worker-0_0', 0, -1);
  expect(held).toHaveLength(5);
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 20_000);
  const again = fleet.processes.flatMap(({ threads }) => threads.map((thread) => thread.running?.taken.text));
  expect(again).toEqual(held.toReversed());
});

test('under reliable_fetch one class ends up in every thread, and its neighbours die along', async () => {
  await seedQueues(
    seeding('4.2.10'),
    [
      { jobClass: QUICK, jobs: 30_000 },
      { jobClass: DISASTER, jobs: 60 },
    ],
    3_600_000,
  );
  const fleet = fleetOf('reliable_fetch', { containerCount: 5, stepMs: 250 });
  await fleet.advance(startMs + 15 * 60_000);
  expect(running(fleet).filter((name) => name === 'Recurring::DisasterJob').length).toBeGreaterThanOrEqual(
    20,
  );
  const waiting = await redis.llen('queue:payroll');
  await fleet.advance(startMs + 25 * 60_000);
  expect(new Set(running(fleet))).toEqual(new Set(['Recurring::DisasterJob']));
  expect(waiting - (await redis.llen('queue:payroll'))).toBeLessThan(500);
  expect(fleet.crashes).toBeGreaterThan(30);
});

test('super_fetch rescues only at a start, only after the hash is gone, to the back of the line', async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 30 }], 1_000);
  const fleet = fleetOf('super_fetch', { containerCount: 1 });
  await fleet.advance(startMs + 5_000);
  const dead = fleet.processes[0]?.facts.identity ?? '';
  const list = `queue:sq|${dead}|payroll`;
  const held = await redis.lrange(list, 0, -1);
  expect(held).toHaveLength(5);
  expect(await redis.smembers(`${dead}:super_queues`)).toContain(list);
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 120_000);
  expect(await redis.lrange(list, 0, -1)).toEqual(held);
  fleet.kill('payroll-worker-0');
  await fleet.advance(startMs + 140_000);
  expect(await redis.exists(list)).toBe(0);
  expect(await redis.lrange('queue:payroll', 0, 4)).toEqual(held);
  expect(await redis.smembers('super_processes')).not.toContain(dead);
});

test('super_fetch puts a job that was rescued three times into the dead set', async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 5 }], 1_000);
  const fleet = fleetOf('super_fetch', { containerCount: 1 });
  for (let crash = 1; crash <= 8; crash += 1) {
    await fleet.advance(startMs + crash * 90_000);
    fleet.kill('payroll-worker-0');
  }
  await fleet.advance(startMs + 800_000);
  const dead = await redis.zrange('dead', '0', '-1');
  expect(dead).toHaveLength(5);
  expect(JSON.parse(dead[0] ?? '{}')).not.toHaveProperty('error_class');
});

test("GitLab's fetcher counts interruptions and puts the third aside", async () => {
  await seedQueues(seeding(), [{ jobClass: ENDLESS, jobs: 1 }], 1_000);
  const fleet = fleetOf('gitlab-reliable', { containerCount: 1, stepMs: 5_000 });
  await fleet.advance(startMs + 5_000);
  const [list] = await redis.keys('working:*');
  expect(list).toMatch(/^working:queue:payroll:payroll-worker-0:1:[0-9a-f]{12}$/);
  const heartbeat = `reliable-fetcher-heartbeat-${list?.split(':').slice(3).join('-')}`;
  expect(await redis.pttl(heartbeat)).toBeGreaterThan(30_000);
  const counts: number[] = [];
  for (let hour = 1; hour <= 5; hour += 1) {
    fleet.kill('payroll-worker-0');
    await fleet.advance(startMs + hour * 3_800_000);
    const texts = [...(await jobsInLists(redis)).values()].flat();
    if (texts[0] !== undefined) counts.push(JSON.parse(texts[0]).interrupted_count);
  }
  expect(counts).toEqual([1, 2]);
  const aside = await redis.zrange('interrupted', '0', '-1');
  expect(JSON.parse(aside[0] ?? '{}').interrupted_count).toBe(3);
});

test('a full Redis refuses the fleet and does not stop it', async () => {
  await seedQueues(seeding(), [{ jobClass: QUICK, jobs: 100 }], 1_000);
  const fleet = fleetOf('basic', { containerCount: 1 });
  await redis.config('SET', 'maxmemory', '1');
  await fleet.advance(startMs + 120_000);
  await redis.config('SET', 'maxmemory', '0');
  expect(await redis.exists('processes')).toBe(0);
  expect(await redis.llen('queue:payroll')).toBe(0);
  await fleet.advance(startMs + 130_000);
  expect(await redis.scard('processes')).toBe(1);
});
