import { expect, test } from 'vitest';
import type { RescueEnd } from '../../../src/ports/acting.ts';
import { RedisUnavailable } from '../../../src/ports/reading.ts';
import { openRescuer } from '../../../src/redis/rescue/rescuer.ts';
import { CuttingProxy } from '../cutting-proxy.ts';
import { clock, job } from '../reading.ts';
import { orderOf, setRescueStage } from './stage.ts';

const BAD = 'Recurring::DisasterJob';
const LISTS = [0, 1, 2].map((index) => `queue:sq|gone-${index}:1:aaaaaaaaaaa${index}|queue_${index}`);

test('with a line that swallows replies and breaks, each job moves once, is archived once, or stays', {
  timeout: 60_000,
}, async () => {
  await using stage = await setRescueStage();
  await using proxy = new CuttingProxy(stage.server.port, 25);
  const rescuer = openRescuer({
    sidekiq: 'payroll',
    url: await proxy.listen(),
    namespace: '',
    clock,
    archive: stage.store,
  });
  const seeded = LISTS.map(() =>
    Array.from({ length: 12_000 }, (_, index) =>
      index === 900 ? 'no json' : job(index % 30 === 7 ? BAD : 'FineJob'),
    ),
  );
  for (const [index, list] of LISTS.entries()) {
    const jobs = seeded[index] ?? [];
    for (let from = 0; from < jobs.length; from += 1000)
      await stage.redis.lpush(list, ...jobs.slice(from, from + 1000));
  }
  let failures = 0;
  let end: RescueEnd | undefined;
  while (end === undefined) {
    try {
      end = await rescuer.rescue(orderOf({ lists: LISTS, archive: [BAD] }), {
        commit: async (_, write) => {
          await stage.store.transact(write);
          return 'go on';
        },
        pause: async () => 'go on',
      });
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      failures += 1;
      // A line that is down refuses at once; without a turn of the event loop it could never come back.
      await new Promise(setImmediate);
    }
  }
  await rescuer.close();
  expect(failures).toBeGreaterThan(0);
  const all = seeded.flat();
  const bad = all.filter((payload) => payload.includes(BAD));
  expect(end).toMatchObject({
    type: 'done',
    moved: 36_000 - bad.length - 3,
    archived: bad.length,
    leftAlone: [],
  });
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(archived.sort()).toEqual(bad.sort());
  for (const [index, list] of LISTS.entries()) {
    const moved = (await stage.redis.lrange(`queue:queue_${index}`, 0, -1)).toReversed();
    expect(moved).toEqual((seeded[index] ?? []).filter((payload) => payload.includes('FineJob')));
    expect(await stage.redis.lrange(list, 0, -1)).toEqual(['no json']);
  }
  expect(await stage.store.pendingChunks('r1')).toEqual([]);
});
