import { expect, test } from 'vitest';
import { job, setStage } from './reading.ts';

test('a snapshot tells queues, sets, processes, work and counters of a Sidekiq', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  const nowS = Date.now() / 1000;
  await redis.sadd('queues', 'default', 'low');
  await redis.sadd('paused', 'low');
  await redis.lpush('queue:default', job('First', { enqueued_at: nowS - 30 }), job('Second'));
  await redis.zadd('retry', nowS - 5, job('Late'), nowS + 60, job('Later'));
  await redis.zadd('schedule', nowS + 600, job('Planned'));
  await redis.zadd('dead', nowS - 7200, job('LongDead'), nowS - 60, job('JustDead'));
  await redis.mset('stat:processed', '12', 'stat:failed', '3');
  await redis.sadd('processes', 'worker-1:7:0123456789ab', 'worker-2:7:ba9876543210');
  const info = {
    hostname: 'worker-1',
    pid: 7,
    started_at: nowS - 500,
    queues: ['default'],
    version: '7.3.10',
  };
  await redis.hset('worker-1:7:0123456789ab', { info: JSON.stringify(info), busy: 1, beat: nowS, rss: 2048 });
  await redis.expire('worker-1:7:0123456789ab', 60);
  const work = { queue: 'default', payload: job('Running', { jid: 'abc' }), run_at: Math.floor(nowS) };
  await redis.hset('worker-1:7:0123456789ab:work', '7x2', JSON.stringify(work));

  const snapshot = await stage.snapshot();

  expect(snapshot.faults).toEqual([]);
  expect(snapshot.queues.map(({ name, size, isPaused }) => [name, size, isPaused])).toEqual([
    ['default', 2, false],
    ['low', 0, true],
  ]);
  expect(snapshot.queues[0]?.oldest?.jobClass).toBe('First');
  expect(snapshot.queues[0]?.latencyMs).toBeGreaterThan(29_000);
  expect(snapshot.queues[0]?.latencyMs).toBeLessThan(60_000);
  expect(snapshot.retrySet).toMatchObject({ size: 2, due: 1 });
  expect(snapshot.scheduledSet).toMatchObject({ size: 1, due: 0 });
  expect(snapshot.deadSet).toMatchObject({ size: 2, due: 0, addedLastHour: 1 });
  expect(snapshot.counters).toEqual({ processed: 12, failed: 3, processedToday: 0, failedToday: 0 });
  expect(snapshot.processes.map(({ identity, state }) => [identity, state])).toEqual([
    ['worker-1:7:0123456789ab', 'alive'],
    ['worker-2:7:ba9876543210', 'dead'],
  ]);
  expect(snapshot.processes[0]).toMatchObject({ version: '7.3.10', rssBytes: 2048 * 1024, busy: 1 });
  expect(snapshot.works).toEqual([
    {
      identity: 'worker-1:7:0123456789ab',
      threadId: '7x2',
      queue: 'default',
      jobClass: 'Running',
      jid: 'abc',
      runAtMs: Math.floor(nowS) * 1000,
    },
  ]);
  expect(snapshot.privateListSearch.isComplete).toBe(true);
  expect(snapshot.redis).toMatchObject({ role: 'master', writes: { state: 'accepted' } });
});

test('a backlog counts every place where a class waits, and says what runs', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', 'low');
  const jobs = Array.from({ length: 5000 }, (_, index) => job(index % 5 === 0 ? 'Bad' : 'Good'));
  await redis.lpush('queue:default', ...jobs);
  await redis.lpush('queue:low', job('Bad', { created_at: 1_795_000_000_123 }), 'no job');
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', job('Bad'));
  await redis.zadd('retry', 1, job('Bad'));
  await redis.zadd('schedule', 1, job('Bad'), 2, job('Good'));
  await redis.zadd('dead', 1, job('Bad'));

  const backlog = await stage.countBacklog();

  expect(backlog).toMatchObject({ isExact: true, readCount: 5006, knownCount: 5006, notJobs: 1 });
  expect(backlog.classes).toEqual([
    expect.objectContaining({ jobClass: 'Good', total: 4001, inQueues: 4000, inScheduledSet: 1 }),
    {
      jobClass: 'Bad',
      total: 1004,
      inQueues: 1001,
      inRetrySet: 1,
      inScheduledSet: 1,
      inPrivateLists: 1,
      running: 0,
      oldestAtMs: 1_795_000_000_123,
      queues: [
        { name: 'default', count: 1000 },
        { name: 'low', count: 1 },
      ],
    },
  ]);
  const ofLow = await stage.countBacklog('low');
  expect(ofLow.classes.map(({ jobClass, total }) => [jobClass, total])).toEqual([['Bad', 1]]);
});

test('what a lost process ran is not counted as running', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  for (const [host, ttlS] of [
    ['living', 58],
    ['lost', 9],
  ] as const) {
    const identity = `${host}:1:0123456789ab`;
    await redis.sadd('processes', identity);
    await redis.hset(identity, { info: JSON.stringify({ hostname: host, version: '7.3.10' }), busy: 1 });
    await redis.expire(identity, ttlS);
    const work = { queue: 'default', payload: job('Disaster'), run_at: 1_795_454_560 };
    await redis.hset(`${identity}:work`, '7x2', JSON.stringify(work));
  }
  expect((await stage.countBacklog()).classes).toMatchObject([{ jobClass: 'Disaster', running: 1 }]);
});
