import { expect, test } from 'vitest';
import { Faults } from '../../src/redis/answers.ts';
import { connect } from '../../src/redis/connect.ts';
import { openPlace } from '../../src/redis/place.ts';
import { openReader } from '../../src/redis/reader.ts';
import { Line } from '../faults/line.ts';
import { BAD, setPurgeStage } from './purge/stage.ts';
import { clock, job } from './reading.ts';

/** Redis is mostly another application's: a private list is one key among very many. `npm run -s bench keys` takes ten million. */

const FILL = "for n = 1, 50000 do redis.call('SET', 'cache:' .. ARGV[1] .. ':' .. n, '') end";
const HIDDEN = 'queue:default_worker-gone_1';

async function amongManyKeys() {
  const stage = await setPurgeStage();
  for (let nth = 0; nth < 4; nth += 1) await stage.redis.eval(FILL, 0, nth);
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush(HIDDEN, job(BAD));
  return stage;
}

test('answers come at once and say that the search goes on, until the list is found', async () => {
  await using stage = await amongManyKeys();
  const reader = openReader({ sidekiq: 'payroll', url: stage.server.url, namespace: '', clock });
  let snapshot = await reader.snapshot();
  for (let looks = 1; !snapshot.privateListSearch.isComplete && looks < 50; looks += 1)
    snapshot = await reader.snapshot();
  expect(snapshot.privateLists).toMatchObject([{ key: HIDDEN, size: 1 }]);
  // Page by page: nothing that asks for all keys at once.
  const stats = await stage.redis.info('commandstats');
  expect(Number(/cmdstat_scan:calls=(\d+)/.exec(stats)?.[1])).toBeGreaterThanOrEqual(200);
  expect(stats).not.toContain('cmdstat_keys:');
  await reader.close();
});

test('whoever is told not to go on ends after a page, and goes on from there the next time', async () => {
  await using stage = await amongManyKeys();
  const connection = connect({ sidekiq: 'payroll', url: stage.server.url });
  const { search } = openPlace(connection, { namespace: '', clock });
  const scans = async () =>
    Number(/cmdstat_scan:calls=(\d+)/.exec(await stage.redis.info('commandstats'))?.[1] ?? 0);
  await search.advance(60_000, false, 1, new Faults(), async () => false);
  expect(await scans()).toBe(1);
  expect(search.state.isComplete).toBe(false);
  await search.advance(60_000, false, 2, new Faults());
  expect(search.state).toEqual({ isComplete: true, completedAtMs: 2 });
  expect(search.lists).toContain(HIDDEN);
  connection.close();
});

test('a purge that searches a slow Redis rests for as long as the budget says, and hears of a stop meanwhile', async () => {
  await using stage = await amongManyKeys();
  await using line = await new Line(stage.server.port).open();
  line.delayMs = 300;
  await using slow = await setPurgeStage([], `redis://127.0.0.1:${line.port}`);
  const pauses: number[] = [];
  const end = await slow.purge(
    {},
    {
      pause: async (ms) => {
        pauses.push(ms);
        // How a purge feels a slow Redis makes it wait for a second at most.
        return ms > 1000 ? 'stop' : 'go on';
      },
    },
  );
  expect(pauses.filter((ms) => ms > 1000)).toHaveLength(1);
  expect(end).toMatchObject({ archived: 0 });
  expect(await stage.redis.llen(HIDDEN)).toBe(1);
}, 60_000);
