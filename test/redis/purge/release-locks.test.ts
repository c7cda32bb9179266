import { expect, test } from 'vitest';
import type { ArchivedJob } from '../../../src/ports/archive.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { clock } from '../reading.ts';
import { type PurgeStage, setPurgeStage } from './stage.ts';

async function* removed(...jobs: readonly object[]): AsyncGenerator<ArchivedJob> {
  for (const [index, job] of jobs.entries()) {
    const payload = Buffer.from(JSON.stringify({ class: 'A', args: [], ...job }));
    yield { payload, score: undefined, chunk: 1, index, place: { kind: 'queue', queue: 'default' } };
  }
}

async function release(stage: PurgeStage, namespace: string, ...jobs: readonly object[]) {
  const purger = openPurger({
    sidekiq: 'payroll',
    url: stage.server.url,
    namespace,
    clock,
    archive: stage.store,
  });
  try {
    return await purger.releaseLocks(removed(...jobs));
  } finally {
    await purger.close();
  }
}

const HEX = 'uniquejobs:0a1b2c';

test('an Enterprise lock is released if its value is the jid of a removed job, and else left', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.mset('unique:a', 'j1', 'unique:b', 'j2', 'unique:old', '1', 'other:a', 'j1');
  await stage.redis.sadd('unique:set', 'j1');
  for (let count = 0; count < 3000; count += 1) await stage.redis.set(`unique:many${count}`, `x${count}`);
  const ended = await release(
    stage,
    '',
    { jid: 'j1', unique_for: 60 },
    { jid: 'j9', unique_for: 60 },
    { jid: 'j2' },
  );
  expect(ended).toEqual({ released: 1, heldByOthers: 0, refusals: [] });
  expect(await stage.redis.exists('unique:a')).toBe(0);
  expect(await stage.redis.exists('unique:b', 'unique:old', 'other:a', 'unique:set', 'unique:many7')).toBe(5);
});

test('a lock of sidekiq-unique-jobs goes with all its keys, where removed jobs alone hold it', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.hset(`${HEX}:LOCKED`, 'j1', '1');
  await stage.redis.set(HEX, 'j1');
  await stage.redis.set(`${HEX}:INFO`, '{}');
  await stage.redis.zadd('uniquejobs:digests', '1', HEX, '2', 'uniquejobs:other');
  expect(await release(stage, '', { jid: 'j1', lock_digest: HEX })).toEqual({
    released: 1,
    heldByOthers: 0,
    refusals: [],
  });
  expect(await stage.redis.keys(`${HEX}*`)).toEqual([]);
  expect(await stage.redis.zrange('uniquejobs:digests', '0', '-1')).toEqual(['uniquejobs:other']);
  expect(await release(stage, '', { jid: 'j1', lock_digest: HEX })).toEqual({
    released: 0,
    heldByOthers: 0,
    refusals: [],
  });
});

test.each([
  ['holds it', (stage: PurgeStage) => stage.redis.hset(`${HEX}:LOCKED`, 'j1', '1', 'j2', '1')],
  ['runs under it', (stage: PurgeStage) => stage.redis.hset(`${HEX}:RUN:LOCKED`, 'j2', '1')],
  ['waits for it', (stage: PurgeStage) => stage.redis.lpush(`${HEX}:QUEUED`, 'j2')],
])('it stays where another job %s', async (_, lock) => {
  await using stage = await setPurgeStage();
  await stage.redis.hset(`${HEX}:LOCKED`, 'j1', '1');
  await lock(stage);
  const before = (await stage.redis.keys('*')).sort();
  expect(await release(stage, '', { jid: 'j1', lock_digest: HEX })).toEqual({
    released: 0,
    heldByOthers: 1,
    refusals: [],
  });
  expect((await stage.redis.keys('*')).sort()).toEqual(before);
});

test('on a full Redis and under a namespace locks are released, too', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.set('old:unique:a', 'j1');
  await stage.redis.hset(`old:${HEX}:LOCKED`, 'j2', '1');
  await stage.redis.config('SET', 'maxmemory', '1mb');
  const jobs = [
    { jid: 'j1', unique_for: 60 },
    { jid: 'j2', lock_digest: HEX },
  ];
  expect(await release(stage, 'old', ...jobs)).toEqual({ released: 2, heldByOthers: 0, refusals: [] });
  expect(await stage.redis.keys('*')).toEqual([]);
});

test('it stays where more wait for it than are looked at', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.lpush(`${HEX}:QUEUED`, ...new Array<string>(101).fill('j1'), 'j2');
  expect(await release(stage, '', { jid: 'j1', lock_digest: HEX })).toEqual({
    released: 0,
    heldByOthers: 1,
    refusals: [],
  });
  expect(await stage.redis.llen(`${HEX}:QUEUED`)).toBe(102);
});

test.each([
  ['scan', { jid: 'j1', unique_for: 60 }],
  ['get', { jid: 'j1', unique_for: 60 }],
  ['eval', { jid: 'j1', unique_for: 60 }],
  ['eval', { jid: 'j1', lock_digest: HEX }],
])('where %s is refused it says so, and nobody else is said to hold the lock', async (command, removed) => {
  await using stage = await setPurgeStage();
  await stage.redis.set('unique:a', 'j1');
  await stage.redis.hset(`${HEX}:LOCKED`, 'j1', '1');
  await stage.redis.call('ACL', 'SETUSER', 'default', `-${command}`);
  const ended = await release(stage, '', removed);
  expect(ended).toEqual({ released: 0, heldByOthers: 0, refusals: ['NOPERM'] });
});
