import { expect, test } from 'vitest';
import { dialectOf } from '../../../src/sandbox/fleet/dialect.ts';
import { jobText } from '../../../src/sandbox/fleet/job.ts';
import { DISASTER } from '../../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import { startSidekiq } from '../../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../../eventually.ts';
import { startRedisServer } from '../../redis-server.ts';
import { connect, jobsInLists } from '../fleet/fleet-redis.ts';

const random = seededRandom(1);

function job(name: string, queue = 'default'): string {
  const jobClass = { ...DISASTER, name, queue };
  return jobText(jobClass, dialectOf('6.4.1'), Date.now(), random);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a real Sidekiq runs jobs, and stops without leaving its name or its process', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  const sidekiq = await startSidekiq({
    redisUrl: server.url,
    queues: ['default'],
    concurrency: 2,
    host: 'web-1',
  });
  const pid = sidekiq.pid ?? 0;
  await redis.lpush('queue:default', job('TaxFilingJob'), job('FailingJob'));
  await eventually(
    async () => (await redis.llen('queue:default')) === 0 && (await redis.zcard('retry')) === 1,
  );
  await eventually(async () => (await redis.smembers('processes')).some((name) => name.startsWith('web-1:')));
  await sidekiq.stop();
  expect(await redis.smembers('processes')).toEqual([]);
  expect(isRunning(pid)).toBe(false);
  expect(sidekiq.crashes).toBe(0);
});

test('a job that kills its process leaves the stale name behind, and the container starts another', async () => {
  await using server = await startRedisServer();
  await using redis = connect(server.url);
  await using sidekiq = await startSidekiq({
    redisUrl: server.url,
    queues: ['default'],
    concurrency: 2,
    restart: true,
  });
  await eventually(async () => (await redis.scard('processes')) === 1);
  const [first] = await redis.smembers('processes');
  await redis.lpush('queue:default', job('Recurring::DisasterJob'));
  await eventually(() => sidekiq.crashes === 1);
  await eventually(async () => (await redis.scard('processes')) === 2);
  expect(await redis.smembers('processes')).toContain(first);
  expect(await redis.exists(first ?? '')).toBe(1);
  expect(await redis.llen('queue:default')).toBe(0);
});

for (const fetcher of ['gitlab-reliable', 'gitlab-semi-reliable'] as const) {
  test(`${fetcher}: a killed process leaves its working list, and a later one rescues it`, async () => {
    await using server = await startRedisServer();
    await using redis = connect(server.url);
    await using sidekiq = await startSidekiq({
      redisUrl: server.url,
      queues: ['default'],
      concurrency: 2,
      fetcher,
      restart: true,
      rescueEverySeconds: 1,
    });
    await redis.lpush('queue:default', job('EndlessJob'));
    const workingLists = async (): Promise<string[]> => redis.keys('working:queue:*');
    await eventually(async () => (await workingLists()).length === 1);
    const [stranded] = await workingLists();
    await sidekiq.kill();
    expect(await workingLists()).toEqual([stranded]);
    // The heartbeat of the dead would guard the list for a minute; the test does not wait for it.
    await redis.del(...(await redis.keys('reliable-fetcher-heartbeat-*')));
    await eventually(async () => {
      const [texts] = [...(await jobsInLists(redis))]
        .filter(([key]) => key !== stranded)
        .map(([, jobs]) => jobs);
      return texts?.[0] !== undefined && JSON.parse(texts[0]).interrupted_count === 1;
    });
    expect(await redis.exists(stranded ?? '')).toBe(0);
  });
}

test('a Sidekiq that cannot start says why', async () => {
  await expect(startSidekiq({ redisUrl: 'redis://127.0.0.1:1/0', queues: ['default'] })).rejects.toThrow(
    /Error connecting to Redis|ECONNREFUSED/,
  );
});
