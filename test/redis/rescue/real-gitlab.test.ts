import { expect, test } from 'vitest';
import { startSidekiq } from '../../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../../eventually.ts';
import { connect } from '../../sandbox/fleet/fleet-redis.ts';
import { job } from '../reading.ts';
import { setRescueStage } from './stage.ts';

const QUEUES = ['default', 'low'];
const EACH = 8000;
const jidOf = (payload: string) => String(JSON.parse(payload).jid);

test('what a real GitLab fetcher left at SIGKILL is rescued by us and by itself at once, each job once', {
  timeout: 120_000,
}, async () => {
  await using stage = await setRescueStage();
  await using redis = connect(stage.server.url);
  const endless = (queue: string, count: number) =>
    Array.from({ length: count }, () => job('EndlessJob', { queue }));
  const common = { redisUrl: stage.server.url, concurrency: 4, fetcher: 'gitlab-reliable' } as const;
  const first = await startSidekiq({ ...common, queues: QUEUES, host: 'lab-1' });
  for (const queue of QUEUES) await redis.lpush(`queue:${queue}`, ...endless(queue, 2));
  await eventually(async () => (await redis.keys('working:queue:*')).length === 2, 30_000);
  const lists = await redis.keys('working:queue:*');
  const alive = await stage.rescue({ actionId: 'r0', lists });
  expect(alive).toMatchObject({ moved: 0 });
  expect(alive.leftAlone.join()).toContain('its owner is alive');
  await first.kill();
  // As if it had run thousands of threads, so that both have something to do.
  const left: string[] = [];
  for (const list of lists) {
    await redis.lpush(list, ...endless(list.includes(':low:') ? 'low' : 'default', EACH));
    left.push(...(await redis.lrange(list, 0, -1)));
  }
  // Nobody waits here for the minute in which heartbeats and hashes of the dead live on.
  const remains = [...(await redis.keys('lab-1:*')), ...(await redis.keys('reliable-fetcher-*'))];
  await redis.del(...remains);

  // It serves another queue, so that nothing that was rescued is taken at once. It works off one list after the other.
  await using second = await startSidekiq({
    ...common,
    queues: ['other'],
    host: 'lab-2',
    rescueEverySeconds: 1,
  });
  const waiting = async (keys: readonly string[]) =>
    (await Promise.all(keys.map((key) => redis.llen(key)))).reduce((sum, size) => sum + size, 0);
  await eventually(async () => (await waiting(lists)) < left.length, 30_000);
  const end = await stage.rescue({ lists });
  expect(end.type).toBe('done');
  const queues = QUEUES.map((queue) => `queue:${queue}`);
  await eventually(async () => (await waiting(queues)) === left.length, 60_000);
  expect(await waiting(lists)).toBe(0);
  const rescued = (await Promise.all(queues.map((key) => redis.lrange(key, 0, -1)))).flat();
  expect(rescued.map(jidOf).sort()).toEqual(left.map(jidOf).sort());
  const ours = rescued.filter((payload) => !payload.includes('interrupted_count'));
  expect(ours).toHaveLength(end.moved);
  const known = new Set(left);
  expect(ours.every((payload) => known.has(payload))).toBe(true);
  expect(end.moved).toBeGreaterThan(0);
  expect(end.moved).toBeLessThan(left.length);
  await second.stop();
});
