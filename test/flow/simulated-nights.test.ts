import { expect, test } from 'vitest';
import { hintsIn } from '../../src/core/attribution/hints.ts';
import { judge } from '../../src/core/attribution/verdict.ts';
import { Watcher } from '../../src/flow/watch.ts';
import { openReader } from '../../src/redis/reader.ts';
import { dialectOf, type SidekiqVersion } from '../../src/sandbox/fleet/dialect.ts';
import { Fleet } from '../../src/sandbox/fleet/fleet.ts';
import { DISASTER, INNOCENT } from '../../src/sandbox/fleet/job-class.ts';
import type { FetchName } from '../../src/sandbox/fleet/process.ts';
import { seededRandom } from '../../src/sandbox/fleet/random.ts';
import { seedQueues } from '../../src/sandbox/fleet/seed.ts';
import { payrollContainers } from '../../src/sandbox/fleet/stories/containers.ts';
import { playIncident } from '../../src/sandbox/fleet/stories/incident.ts';
import { playQuietNight } from '../../src/sandbox/fleet/stories/quiet-night.ts';
import { startRedisServer } from '../redis-server.ts';
import { connect, fleetRedisOver } from '../sandbox/fleet/fleet-redis.ts';

const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

/** Plays a fleet and looks at it every five seconds of its own time. */
async function watch(url: string, fleet: Fleet, startMs: number, overMs: number): Promise<Watcher> {
  const clock = { nowMs: Date.now, steadyMs: Date.now, wait: async () => {} };
  const reader = openReader({ sidekiq: 'payroll', url, namespace: '', clock });
  const watcher = new Watcher(reader);
  try {
    for (let nowMs = startMs; nowMs <= startMs + overMs; nowMs += LOOK_EVERY_MS) {
      await fleet.advance(nowMs);
      // The fleet's clock runs ahead of Redis's.
      await watcher.see({ ...(await reader.snapshot()), takenAtMs: nowMs });
    }
    return watcher;
  } finally {
    await reader.close();
  }
}

test.each<[FetchName, SidekiqVersion]>([
  ['reliable_fetch', '4.2.10'],
  ['basic', '6.4.1'],
  ['super_fetch', '7.3.10'],
])('under %s the class that eats the memory is named, and no other', async (fetch, version) => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  const startMs = Date.now();
  const seeding = {
    redis: fleetRedisOver(redis),
    dialect: dialectOf(version),
    random: seededRandom(4),
    nowMs: startMs,
  };
  const settings = {
    containers: payrollContainers(5, version, fetch),
    // Pushed anew now and then: a basic fetch loses them with their processes.
    classes: [{ ...DISASTER, perSecond: 0.03, leakKbPerSecond: 9_000 }, ...INNOCENT],
    clientVersion: version,
    seed: 4,
    // Coarser, all innocent jobs would begin and end between two beats.
    stepMs: 50,
  };
  await seedQueues(
    seeding,
    INNOCENT.map((jobClass) => ({ jobClass, jobs: 20 })),
    MINUTE_MS,
  );
  const fleet = new Fleet(seeding.redis, settings, startMs);
  const watcher = await watch(server.url, fleet, startMs, 9 * MINUTE_MS);
  expect(watcher.memory.evidence.crashes.length).toBeGreaterThanOrEqual(4);
  expect(judge(watcher.memory.evidence)).toMatchObject({
    kind: 'likely',
    suspect: { jobClass: DISASTER.name },
    others: [],
  });
});

test('in a quiet night nobody crashes, and ten deploys are no crashes either', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  const startMs = Date.now();
  const fleet = await playQuietNight(fleetRedisOver(redis), startMs);
  const hosts = payrollContainers(5, '7.3.10', 'super_fetch').map(({ host }) => host);
  const reader = openReader({
    sidekiq: 'payroll',
    url: server.url,
    namespace: '',
    clock: { nowMs: Date.now, steadyMs: Date.now, wait: async () => {} },
  });
  const watcher = new Watcher(reader);
  for (let look = 1; look <= 40; look++) {
    const nowMs = startMs + look * LOOK_EVERY_MS;
    await fleet.advance(nowMs);
    if (look % 4 === 0) for (const host of hosts) await fleet.stop(host);
    await watcher.see({ ...(await reader.snapshot()), takenAtMs: nowMs });
  }
  await reader.close();
  const { evidence } = watcher.memory;
  expect(evidence.crashes).toEqual([]);
  const ends = [...evidence.buckets.values()].flatMap(({ tally }) => [...tally.ends]);
  expect(new Set(ends.map(([how]) => how))).toEqual(new Set(['clean stop']));
  expect(ends.reduce((sum, [, ended]) => sum + ended, 0)).toBeGreaterThanOrEqual(45);
});

test('a bot that arrives in the middle of the incident finds the class by what lies around', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  await playIncident(fleetRedisOver(redis), Date.now(), { backlog: 5_000 });
  const reader = openReader({
    sidekiq: 'payroll',
    url: server.url,
    namespace: '',
    clock: { nowMs: Date.now, steadyMs: Date.now, wait: async () => {} },
  });
  const hints = hintsIn({ ...(await reader.traces(await reader.snapshot())), terminations: [] });
  await reader.close();
  expect(hints[0]).toMatchObject({ jobClass: DISASTER.name });
  expect(hints[0]?.sentences.join('; ')).toMatch(
    /busy threads, and every process is younger than five minutes/,
  );
});
