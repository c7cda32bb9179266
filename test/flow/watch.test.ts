import { afterAll, beforeAll, expect, test } from 'vitest';
import { Watcher } from '../../src/flow/watch.ts';
import { openReader } from '../../src/redis/reader.ts';
import { dialectOf } from '../../src/sandbox/fleet/dialect.ts';
import { jobText } from '../../src/sandbox/fleet/job.ts';
import { DISASTER } from '../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../src/sandbox/fleet/random.ts';
import { type RealSidekiqOptions, startSidekiq } from '../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../eventually.ts';
import { type RedisServer, startRedisServer } from '../redis-server.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

let database = 0;
const random = seededRandom(3);

function job(name: string): string {
  return jobText({ ...DISASTER, name, queue: 'default' }, dialectOf('6.4.1'), Date.now(), random);
}

/** A real Sidekiq in a database of its own, and a watcher of it that looks when it is told to. */
async function watched(options: Partial<RealSidekiqOptions>) {
  database += 1;
  const url = server.url.replace(/0$/, String(database));
  const redis = connect(url);
  const clock = { nowMs: Date.now, steadyMs: Date.now, wait: async () => {} };
  const reader = openReader({ sidekiq: 'payroll', url, namespace: '', clock });
  const watcher = new Watcher(reader);
  const sidekiq = await startSidekiq({ redisUrl: url, queues: ['default'], concurrency: 2, ...options });
  let clockStepMs = 0;
  const look = async () => {
    const snapshot = await reader.snapshot();
    return (await watcher.see({ ...snapshot, takenAtMs: snapshot.takenAtMs + clockStepMs })).judgements;
  };
  await eventually(async () => (await look()).some(({ kind }) => kind === 'beat'));
  const [identity = ''] = await redis.smembers('processes');
  return {
    redis,
    sidekiq,
    watcher,
    look,
    /** As if Redis's own clock had been set. */
    setClock: (byMs: number) => {
      clockStepMs += byMs;
    },
    identity,
    /** What Redis does 60 s after the last beat; the test does not wait for it. */
    expire: () => redis.del(identity, `${identity}:workers`),
    [Symbol.asyncDispose]: async () => {
      await sidekiq.stop();
      await reader.close();
      await redis.quit();
    },
  };
}

test('a killed process is a crash, and its private list says exactly what was in flight', async () => {
  await using fleet = await watched({ fetcher: 'gitlab-reliable' });
  await fleet.redis.lpush('queue:default', job('EndlessJob'), job('EndlessJob'));
  await eventually(async () => {
    const sizes = await Promise.all(
      (await fleet.redis.keys('working:*')).map((key) => fleet.redis.llen(key)),
    );
    return sizes.reduce((sum, size) => sum + size, 0) === 2;
  });
  await fleet.sidekiq.kill();
  await fleet.redis.del(...(await fleet.redis.keys('reliable-fetcher-heartbeat-*')));
  await fleet.expire();
  expect(await fleet.look()).toMatchObject([{ kind: 'ended', identity: fleet.identity, end: 'crash' }]);
  expect(fleet.watcher.memory.evidence.crashes[0]?.inFlight.map(({ jobClass }) => jobClass)).toEqual([
    'EndlessJob',
    'EndlessJob',
  ]);
  expect(await fleet.look()).toEqual([]);
});

test('a stopped process is a clean stop, whatever it was running', async () => {
  await using fleet = await watched({});
  await fleet.redis.lpush('queue:default', job('EndlessJob'));
  await eventually(async () => (await fleet.redis.llen('queue:default')) === 0);
  await fleet.sidekiq.stop();
  expect(await fleet.look()).toMatchObject([{ kind: 'ended', end: 'clean stop' }]);
  expect(fleet.watcher.memory.evidence.crashes).toEqual([]);
});

test('a process that was only paused is no crash once it beats again', async () => {
  await using fleet = await watched({});
  const pid = fleet.sidekiq.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await fleet.expire();
  expect(await fleet.look()).toMatchObject([{ kind: 'ended', end: 'crash' }]);
  expect(fleet.watcher.memory.evidence.crashes.length).toBe(1);
  process.kill(pid, 'SIGCONT');
  await eventually(async () => (await fleet.look()).some(({ kind }) => kind === 'returned'));
  expect(fleet.watcher.memory.evidence.crashes).toEqual([]);
});

test.each([
  ['back', -3_600_000],
  ['forward', 3_600_000],
])('Redis’s clock set %s by an hour kills nobody, and who dies after that is seen', async (_, byMs) => {
  await using fleet = await watched({ fetcher: 'gitlab-reliable' });
  await fleet.redis.lpush('queue:default', job('EndlessJob'));
  await eventually(async () => (await fleet.redis.llen('queue:default')) === 0);
  fleet.setClock(byMs);
  expect((await fleet.look()).filter(({ kind }) => kind !== 'beat')).toEqual([]);
  await fleet.sidekiq.kill();
  await fleet.redis.del(...(await fleet.redis.keys('reliable-fetcher-heartbeat-*')));
  await fleet.expire();
  expect(await fleet.look()).toMatchObject([{ kind: 'ended', identity: fleet.identity, end: 'crash' }]);
});
