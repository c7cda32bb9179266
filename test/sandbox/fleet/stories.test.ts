import { expect, test } from 'vitest';
import type { Fleet } from '../../../src/sandbox/fleet/fleet.ts';
import { INCIDENT_REDIS_CONFIG, playIncident } from '../../../src/sandbox/fleet/stories/incident.ts';
import { playQuietNight } from '../../../src/sandbox/fleet/stories/quiet-night.ts';
import { startRedisServer } from '../../redis-server.ts';
import { connect, fleetRedisOver, jobsInLists } from './fleet-redis.ts';

function running(fleet: Fleet): (string | undefined)[] {
  return fleet.processes.flatMap(({ threads }) => threads.map((thread) => thread.running?.className));
}

test('the incident: every thread holds the disaster, everything else waits, and purging it heals the fleet', async () => {
  await using server = await startRedisServer({ config: [...INCIDENT_REDIS_CONFIG] });
  await using redis = connect(server.url);
  const nowMs = Date.now();
  const fleet = await playIncident(fleetRedisOver(redis), nowMs, { backlog: 30_000 });

  expect(new Set(running(fleet))).toEqual(new Set(['Recurring::DisasterJob']));
  expect(fleet.crashes).toBeGreaterThan(10);
  const names = await redis.smembers('processes');
  expect(names.length).toBeGreaterThan(fleet.processes.length);
  const lists = await jobsInLists(redis);
  const privateLists = [...lists].filter(([key]) => /^queue:maintenance_payroll-worker-\d_0$/.test(key));
  expect(privateLists.map(([, jobs]) => jobs.length)).toEqual([5, 5, 5, 5, 5]);
  const classes = new Set(
    [...lists.values()].flat().map((text) => JSON.parse(text).wrapped ?? JSON.parse(text).class),
  );
  expect(classes.size).toBeGreaterThanOrEqual(6);
  expect(await redis.zcard('retry')).toBeGreaterThan(10);
  const waiting = await redis.llen('queue:payroll');
  expect(waiting).toBeGreaterThan(9_000);

  for (const [key, jobs] of lists) {
    for (const job of jobs) if (job.includes('DisasterJob')) await redis.lrem(key, 0, job);
  }
  await fleet.advance(nowMs + 120_000);
  expect(running(fleet)).not.toContain('Recurring::DisasterJob');
  expect(await redis.llen('queue:payroll')).toBeLessThan(waiting);
});

test('the incident as shown by the demo: hundreds of thousands wait, and Redis is filling up but not full', async () => {
  await using server = await startRedisServer({ config: [...INCIDENT_REDIS_CONFIG] });
  await using redis = connect(server.url);
  await playIncident(fleetRedisOver(redis), Date.now());
  const sizes = await Promise.all(
    (await redis.smembers('queues')).map((queue) => redis.llen(`queue:${queue}`)),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(300_000);
  const memory = await redis.info('memory');
  const used = Number(/used_memory:(\d+)/.exec(memory)?.[1]);
  const limit = Number(/maxmemory:(\d+)/.exec(memory)?.[1]);
  expect(used / limit).toBeGreaterThan(0.5);
  expect(used / limit).toBeLessThan(0.9);
});

test('the quiet night: queues stay short, nobody dies, classes run and are counted', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  const fleet = await playQuietNight(fleetRedisOver(redis), Date.now());
  expect(fleet.crashes).toBe(0);
  expect(await redis.scard('processes')).toBe(5);
  const lists = await jobsInLists(redis);
  expect([...lists.values()].flat().length).toBeLessThan(60);
  const metrics = await Promise.all((await redis.keys('j|*')).map((key) => redis.hgetall(key)));
  expect(new Set(metrics.flatMap((fields) => Object.keys(fields)))).toContain('PayrollRunJob|p');
});

test('the same seed plays the same night', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  const nowMs = Date.now();
  const nights: string[][] = [];
  for (const _ of [1, 2]) {
    await redis.flushall();
    const fleet = await playIncident(fleetRedisOver(redis), nowMs, { backlog: 1_000 });
    nights.push(fleet.processes.map(({ facts }) => facts.identity));
  }
  expect(nights[0]).toEqual(nights[1]);
});
