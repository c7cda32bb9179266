import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startRedisServer } from '../redis-server.ts';
import { reading, setStage } from './reading.ts';

test('a full Redis that evicts nothing refuses writes, and says so before anything is written', async () => {
  await using stage = await setStage(['maxmemory 4mb', 'maxmemory-policy noeviction']);
  const { redis } = stage;
  for (let filled = 0; filled < 100; filled += 1) {
    const answer = await redis
      .set(`filler:${filled}`, 'x'.repeat(100_000))
      .catch((error: Error) => error.message);
    if (answer !== 'OK') break;
  }
  const { redis: state } = await stage.snapshot();
  expect(state.writes).toEqual({
    state: 'refused',
    reason: 'its memory is full and its policy is noeviction',
  });
  expect(state).toMatchObject({ maxMemoryBytes: 4 * 1024 * 1024, maxMemoryPolicy: 'noeviction' });
});

test('a replica takes no writes', async () => {
  await using master = await startRedisServer();
  await using replica = await startRedisServer({ config: [`replicaof 127.0.0.1 ${master.port}`] });
  const { redis } = await reading(replica.url, '', (reader) => reader.snapshot());
  expect(redis).toMatchObject({ role: 'replica', writes: { state: 'refused', reason: 'it is a replica' } });
});

test('a save that failed stops writes where Redis is set up so', async () => {
  await using stage = await setStage(['save 3600 1', 'dbfilename taken.rdb']);
  const { redis } = stage;
  await redis.set('something', '1');
  // A folder in the place of the file makes every save fail.
  mkdirSync(`${stage.server.folder}/taken.rdb`);
  await redis.bgsave();
  await expect
    .poll(() => redis.info('persistence'), { timeout: 20_000 })
    .toMatch(/rdb_last_bgsave_status:err/);
  expect((await stage.snapshot()).redis.writes).toEqual({
    state: 'refused',
    reason: 'its last save to disk failed',
  });
  await expect(redis.set('another', '1')).rejects.toThrow(/MISCONF/);
  await redis.config('SET', 'stop-writes-on-bgsave-error', 'no');
  expect((await stage.snapshot()).redis.writes.state).toBe('accepted');
});
