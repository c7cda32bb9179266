import { expect, test } from 'vitest';
import { RedisUnavailable } from '../../../src/ports/reading.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { CuttingProxy } from '../cutting-proxy.ts';
import { clock, job } from '../reading.ts';
import { BAD, orderOf, setPurgeStage } from './stage.ts';

test('with a line that swallows replies and breaks, each job leaves once and is archived once', async () => {
  await using stage = await setPurgeStage();
  await using proxy = new CuttingProxy(stage.server.port, 25);
  const purger = openPurger({
    sidekiq: 'payroll',
    url: await proxy.listen(),
    namespace: '',
    clock,
    archive: stage.store,
  });
  const jobs = Array.from({ length: 40_000 }, (_, index) => job(index % 3 === 0 ? BAD : 'FineJob'));
  await stage.redis.sadd('queues', 'default', 'short');
  for (let from = 0; from < jobs.length; from += 1000)
    await stage.redis.lpush('queue:default', ...jobs.slice(from, from + 1000));
  await stage.redis.lpush('queue:short', ...jobs.slice(0, 900));
  for (const payload of jobs.slice(0, 3000)) await stage.redis.zadd('retry', 1, payload);
  let failures = 0;
  for (let isClean = false; !isClean; ) {
    try {
      const end = await purger.purge(orderOf(), {
        commit: async (_, write) => {
          await stage.store.transact(write);
          return 'go on';
        },
        pause: async () => 'go on',
      });
      isClean = end.type === 'clean';
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      failures += 1;
      // A line that is down refuses at once; without a turn of the event loop it could never come back.
      await new Promise(setImmediate);
    }
  }
  await purger.close();
  expect(proxy.cuts).toBe(25);
  expect(failures).toBeGreaterThan(0);
  const bad = jobs.filter((payload) => payload.includes(BAD));
  const expected = [...bad, ...jobs.slice(0, 900), ...jobs.slice(0, 3000)].filter((payload) =>
    payload.includes(BAD),
  );
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(archived.sort()).toEqual(expected.sort());
  const rest = (await stage.redis.lrange('queue:default', 0, -1)).reverse();
  expect(rest).toEqual(jobs.filter((payload) => !payload.includes(BAD)));
  expect(await stage.redis.smembers('queues')).toHaveLength(2);
}, 60_000);
