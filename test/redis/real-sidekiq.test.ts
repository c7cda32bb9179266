import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { openReader } from '../../src/redis/reader.ts';
import { startSidekiq } from '../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../eventually.ts';
import { clock, job, setStage } from './reading.ts';

test('a real Sidekiq 6.4.1 is followed from its first beat over a crash to the jobs it left', async () => {
  await using stage = await setStage();
  const { redis, server } = stage;
  const reader = openReader({ sidekiq: 'payroll', url: server.url, namespace: '', clock });
  const start = () =>
    startSidekiq({
      redisUrl: server.url,
      queues: ['default'],
      concurrency: 2,
      fetcher: 'gitlab-reliable',
    });
  try {
    await using sidekiq = await start();
    await redis.sadd('queues', 'default');
    await redis.lpush(
      'queue:default',
      job('FailingJob'),
      job('EndlessJob'),
      job('EndlessJob'),
      job('TaxFilingJob'),
    );
    // A beat may fall while the failing job still runs: the stage is set once both endless ones do.
    await eventually(async () => {
      const { works } = await reader.snapshot();
      return works.filter(({ jobClass }) => jobClass === 'EndlessJob').length === 2;
    });
    const busy = await reader.snapshot();
    expect(busy.faults).toEqual([]);
    expect(busy.processes).toMatchObject([
      { state: 'alive', hostname: hostname(), concurrency: 2, busy: 2, version: '6.2.0 to 6.4.1' },
    ]);
    expect(busy.processes[0]?.fetch.strategy).toBe('gitlab_reliable');
    expect(busy.works.map(({ jobClass }) => jobClass)).toEqual(['EndlessJob', 'EndlessJob']);
    expect(busy.privateLists).toMatchObject([
      { scheme: 'gitlab', ownerState: 'alive', queue: { name: 'default' }, size: 2 },
    ]);
    const backlog = await reader.countBacklog({ budgetMs: 10_000 });
    const endless = backlog.classes.find(({ jobClass }) => jobClass === 'EndlessJob');
    expect(endless).toMatchObject({ inPrivateLists: 2, running: 2, inQueues: 0 });

    await sidekiq.kill();
    // Its hash and its heartbeat would live for another minute; a test does not wait for that.
    await redis.del(
      ...(await redis.keys('reliable-fetcher-heartbeat-*')),
      ...(await redis.smembers('processes')),
    );
    const left = await reader.snapshot();
    expect(left.processes).toMatchObject([{ state: 'dead', hostname: hostname() }]);
    expect(left.privateLists).toMatchObject([{ scheme: 'gitlab', ownerState: 'dead', size: 2 }]);
  } finally {
    await reader.close();
  }
});
