import { expect, test } from 'vitest';
import { startSidekiq } from '../../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../../eventually.ts';
import { connect } from '../../sandbox/fleet/fleet-redis.ts';
import { job } from '../reading.ts';
import { setRescueStage } from './stage.ts';

const jidOf = (payload: string) => String(JSON.parse(payload).jid);

test('what a real GitLab fetcher left at SIGKILL is rescued by us and by itself at once, each job once', {
  timeout: 90_000,
}, async () => {
  await using stage = await setRescueStage();
  await using redis = connect(stage.server.url);
  const common = { redisUrl: stage.server.url, concurrency: 4, fetcher: 'gitlab-reliable' } as const;
  const first = await startSidekiq({ ...common, queues: ['default'], host: 'lab-1' });
  await redis.lpush('queue:default', ...Array.from({ length: 4 }, () => job('EndlessJob')));
  await eventually(async () => (await redis.llen('queue:default')) === 0);
  const [list = ''] = await redis.keys('working:queue:default:*');
  expect(await redis.llen(list)).toBe(4);
  const alive = await stage.rescue({ actionId: 'r0', lists: [list] });
  expect(alive).toMatchObject({ moved: 0 });
  expect(alive.leftAlone.join()).toContain('its owner is alive');
  await first.kill();
  // As if it had run thousands of threads, so that both have something to do.
  await redis.lpush(list, ...Array.from({ length: 20_000 }, () => job('EndlessJob')));
  const left = (await redis.lrange(list, 0, -1)).toReversed();
  // Nobody waits here for the minute in which heartbeats and hashes of the dead live on.
  const remains = [...(await redis.keys('lab-1:*')), ...(await redis.keys('reliable-fetcher-*'))];
  await redis.del(...remains);

  // It serves another queue, so that nothing that was rescued is taken at once.
  await using second = await startSidekiq({
    ...common,
    queues: ['other'],
    host: 'lab-2',
    rescueEverySeconds: 1,
  });
  await eventually(async () => (await redis.llen(list)) < left.length, 30_000);
  const end = await stage.rescue({ lists: [list] });
  expect(end.type).toBe('done');
  await eventually(async () => (await redis.llen('queue:default')) === left.length, 30_000);
  expect(await redis.exists(list)).toBe(0);
  const rescued = await redis.lrange('queue:default', 0, -1);
  expect(rescued.map(jidOf).sort()).toEqual(left.map(jidOf).sort());
  const ours = rescued.filter((payload) => !payload.includes('interrupted_count'));
  expect(ours).toHaveLength(end.moved);
  const known = new Set(left);
  expect(ours.every((payload) => known.has(payload))).toBe(true);
  expect(end.moved).toBeGreaterThan(0);
  expect(end.moved).toBeLessThan(left.length);
  await second.stop();
});
