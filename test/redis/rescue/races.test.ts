import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/core/migration/digest.ts';
import type { RescueSteps } from '../../../src/ports/acting.ts';
import { openRescuer } from '../../../src/redis/rescue/rescuer.ts';
import { createFetchStrategies } from '../../../src/sandbox/fleet/fetch/index.ts';
import { bootProcess } from '../../../src/sandbox/fleet/process.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import { payrollContainers } from '../../../src/sandbox/fleet/stories/containers.ts';
import { fleetRedisOver } from '../../sandbox/fleet/fleet-redis.ts';
import { clock, job } from '../reading.ts';
import { killProcess, seedProcess } from './seeds.ts';
import { archivedIn, orderOf, type RescueStage, setRescueStage } from './stage.ts';

const DEAD = 'worker-1:1:aaaaaaaaaaaa';
const ORPHAN = `queue:sq|${DEAD}|default`;
const BAD = 'Recurring::DisasterJob';

async function strand({ redis }: RescueStage, count: number): Promise<readonly string[]> {
  const jobs = Array.from({ length: count }, (_, index) => job(index % 50 === 9 ? BAD : 'PayrollRunJob'));
  for (let from = 0; from < count; from += 1000) await redis.lpush(ORPHAN, ...jobs.slice(from, from + 1000));
  return jobs;
}

test('a simulated process of super_fetch starts and rescues the same list: each job moves once, in its order', async () => {
  await using stage = await setRescueStage();
  const { redis } = stage;
  await seedProcess(redis, DEAD, { version: '7.3.10', isSuper: true });
  await killProcess(redis, DEAD);
  const jobs = await strand(stage, 5000);
  const [settings] = payrollContainers(1, '7.3.10', 'super_fetch');
  if (settings === undefined) throw new Error('no container');
  const starting = bootProcess(settings, Date.now(), seededRandom(3));
  const fleetRedis = fleetRedisOver(redis);
  const [, end] = await Promise.all([
    createFetchStrategies().super_fetch.start(starting, fleetRedis, Date.now()),
    stage.rescue(
      { lists: [ORPHAN], archive: [BAD] },
      {
        pause: async (ms) => {
          await pause(Math.min(ms, 200));
          return 'go on';
        },
      },
    ),
  ]);
  expect(end.type).toBe('done');
  // Whichever of the two had the turn: what we archived is in the archive alone, all else is in the queue, in order.
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(archived.filter((payload) => !payload.includes(BAD))).toEqual([]);
  const inQueue = (await redis.lrange('queue:default', 0, -1)).toReversed();
  expect(inQueue).toEqual(jobs.filter((payload) => !archived.includes(payload)));
  const noted: string[] = [];
  for await (const part of stage.store.rescuedJobs('r1'))
    noted.push(...part.jobs.map(({ digest }) => digest));
  expect(noted).toHaveLength(end.moved);
  expect(await redis.exists(ORPHAN)).toBe(0);
});

test('two bots carry out the same action at once: the younger goes on, the elder stops, nothing is done twice', async () => {
  await using stage = await setRescueStage();
  const jobs = await strand(stage, 30_000);
  const order = { lists: [ORPHAN], archive: [BAD] };
  const url = stage.server.url;
  const other = openRescuer({ sidekiq: 'payroll', url, namespace: '', clock, archive: stage.store });
  let younger: ReturnType<typeof other.rescue> | undefined;
  const steps: RescueSteps = {
    commit: async (_, write) => {
      await stage.store.transact(write);
      return 'go on';
    },
    pause: async () => 'go on',
  };
  const elder = stage.rescue(order, {
    commit: async (step, write) => {
      // What the lease does for a bot that was held for dead: it can write nothing more.
      if (younger !== undefined) throw new Error('the lease is lost');
      await stage.store.transact(write);
      if (step.moved > 4000) younger = other.rescue(orderOf({ ...order, fence: 2 }), steps);
      return 'go on';
    },
  });
  const elderEnd = await elder.then(
    ({ type }) => type,
    (error: Error) => error.message,
  );
  const end = await younger;
  await other.close();
  expect(elderEnd).toMatch(/the lease is lost|superseded/);
  expect(end).toMatchObject({ type: 'done', moved: 29_400, archived: 600 });
  const isBad = (payload: string) => payload.includes(BAD);
  const now = (await stage.redis.lrange('queue:default', 0, -1)).toReversed();
  expect(now).toEqual(jobs.filter((payload) => !isBad(payload)));
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(archived).toEqual(jobs.filter(isBad));
  expect((await stage.rescue({ ...order, fence: 1 })).type).toBe('superseded');
});

test('a full Redis takes nothing: it says so, points to the purge, and everything is where it was', async () => {
  await using stage = await setRescueStage();
  const jobs = await strand(stage, 3000);
  await stage.redis.config('SET', 'maxmemory', '1mb');
  const end = await stage.rescue({ lists: [ORPHAN] });
  expect(end).toMatchObject({ type: 'refused', moved: 0 });
  expect(end.sentence).toContain('Redis is full');
  expect(end.sentence).toContain('purge');
  expect((await stage.redis.lrange(ORPHAN, 0, -1)).toReversed()).toEqual(jobs);
});

test('a user who may not move learns it before anything has happened', async () => {
  await using stage = await setRescueStage(['user default on nopass ~* &* +@all -rpop']);
  const jobs = await strand(stage, 30);
  expect(await stage.rescue({ lists: [ORPHAN], archive: [BAD] })).toMatchObject({
    type: 'refused',
    moved: 0,
  });
  expect((await stage.redis.lrange(ORPHAN, 0, -1)).toReversed()).toEqual(jobs);
});

test('it takes no more than was approved, and stops when it is told to', async () => {
  await using stage = await setRescueStage();
  const jobs = await strand(stage, 6000);
  const capped = await stage.rescue({ lists: [ORPHAN], cap: 1000 });
  expect(capped).toMatchObject({ type: 'cap_reached', moved: 1000 });
  const stopped = await stage.rescue({ lists: [ORPHAN], actionId: 'r2' }, { pause: async () => 'stop' });
  expect(stopped).toMatchObject({ type: 'stopped', moved: 0 });
  expect(await stage.redis.llen(ORPHAN)).toBe(5000);
  expect((await stage.redis.lrange('queue:default', 0, -1)).toReversed()).toEqual(jobs.slice(0, 1000));
});

test('what was rescued is taken back while workers take it too: archived once or run once, and nothing else is touched', async () => {
  await using stage = await setRescueStage();
  const { redis } = stage;
  const jobs = await strand(stage, 5000);
  await stage.rescue({ lists: [ORPHAN] });
  const digests = new Set<string>();
  for await (const part of stage.store.rescuedJobs('r1'))
    for (const { digest } of part.jobs) digests.add(digest);
  expect(digests.size).toBe(5000);
  const newer = Array.from({ length: 100 }, () => job('PayrollRunJob'));
  await redis.lpush('queue:default', ...newer);
  const worked: string[] = [];
  let isOver = false;
  const work = async () => {
    while (!isOver) {
      const payload = await redis.rpop('queue:default');
      if (payload !== null) worked.push(payload);
      await pause(1);
    }
  };
  const working = work();
  const end = await stage.takeBack({
    actionId: 'u1',
    fence: 1,
    cap: 5000,
    rescued: new Map([['default', digests]]),
  });
  isOver = true;
  await working;
  expect(end.type).toBe('done');
  const archived = (await archivedIn(stage.store, 'u1')).map(({ payload }) => String(payload));
  const known = new Set(jobs);
  const rescuedAndWorked = worked.filter((payload) => known.has(payload));
  expect([...archived, ...rescuedAndWorked].sort()).toEqual([...jobs].sort());
  expect(archived).toHaveLength(end.archived);
  const left = await redis.lrange('queue:default', 0, -1);
  expect([...left, ...worked.filter((payload) => !known.has(payload))].sort()).toEqual([...newer].sort());
  expect(await stage.store.pendingChunks('u1')).toEqual([]);
});

test('what is taken back by an action that was interrupted counts in the next run, too', async () => {
  await using stage = await setRescueStage();
  const jobs = await strand(stage, 3000);
  await stage.rescue({ lists: [ORPHAN] });
  const rescued = new Map([['default', new Set(jobs.map((payload) => digestOf(Buffer.from(payload))))]]);
  const order = { actionId: 'u1', fence: 1, cap: 3000, rescued };
  const first = await stage.takeBack({ ...order, cap: 1000 });
  expect(first).toMatchObject({ type: 'cap_reached', archived: 1000 });
  expect(await stage.takeBack(order)).toMatchObject({ type: 'done', archived: 3000 });
});

test('a user with the documented rights and no more can rescue', async () => {
  const doc = readFileSync('docs/redis-user.md', 'utf8');
  const reading = /^user poison-control .*$/m.exec(doc)?.[0].replace('>PASSWORD', '>secret');
  const moving = /^\+evalsha .*$/m.exec(doc)?.[0];
  await using stage = await setRescueStage([`${reading} ${moving}`]);
  const jobs = await strand(stage, 700);
  await seedProcess(stage.redis, 'other:1:bbbbbbbbbbbb', { isSuper: true });
  await stage.redis.lpush('queue:default_gone_0', job('MailJob'));
  const url = stage.server.url.replace('redis://', 'redis://poison-control:secret@');
  let waitedMs = 0;
  const moved = {
    nowMs: () => Date.now() + waitedMs,
    steadyMs: () => Date.now() + waitedMs,
    wait: async () => {},
  };
  const rescuer = openRescuer({ sidekiq: 'payroll', url, namespace: '', clock: moved, archive: stage.store });
  const order = orderOf({ lists: [ORPHAN, 'queue:default_gone_0'], archive: [BAD] });
  const end = await rescuer.rescue(order, {
    commit: async (_, write) => {
      await stage.store.transact(write);
      return 'go on';
    },
    pause: async (ms) => {
      waitedMs += ms;
      return 'go on';
    },
  });
  const rescued = new Set(await stage.redis.lrange('queue:default', 0, -1));
  await rescuer.takeBack(
    {
      actionId: 'u1',
      fence: 1,
      cap: 1,
      rescued: new Map([['default', new Set([digestOf(Buffer.from(jobs[0] ?? ''))])]]),
    },
    {
      commit: async (_, write) => stage.store.transact(write).then(() => 'go on'),
      pause: async () => 'go on',
    },
  );
  await rescuer.close();
  expect(end).toMatchObject({ type: 'done', moved: 687, archived: 14, leftAlone: [] });
  expect(rescued.size).toBe(687);
  expect(await stage.redis.llen('queue:default')).toBe(686);
});
