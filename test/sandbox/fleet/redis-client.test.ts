import { expect, test } from 'vitest';
import { openFleetRedis } from '../../../src/sandbox/fleet/redis-client.ts';
import { startRedisServer } from '../../redis-server.ts';

test('replies of every kind come back in order, errors in their places', async () => {
  await using server = await startRedisServer();
  await using redis = await openFleetRedis(server.port);
  const replies = await redis.pipeline([
    ['SET', 'text', 'grüße\r\n'],
    ['GET', 'text'],
    ['GET', 'nothing'],
    ['INCRBY', 'number', 3],
    ['LPUSH', 'text', 'x'],
    ['RPUSH', 'list', 'a', 'b'],
    ['LRANGE', 'list', 0, -1],
    ['LRANGE', 'none', 0, -1],
    ['SCAN', 0, 'MATCH', 'text'],
  ]);
  expect(replies[4]).toBeInstanceOf(Error);
  expect(replies.toSpliced(4, 1)).toEqual(['OK', 'grüße\r\n', null, 3, 2, ['a', 'b'], [], ['0', ['text']]]);
  await expect(redis.call('LPUSH', 'text', 'x')).rejects.toThrow('WRONGTYPE');
});

test('a reply of many pieces is put together', async () => {
  await using server = await startRedisServer();
  await using redis = await openFleetRedis(server.port);
  const items = Array.from({ length: 5_000 }, (_, number) => `${number}-${'é'.repeat(300)}`);
  await redis.call('RPUSH', 'list', ...items);
  expect(await redis.call('LRANGE', 'list', 0, -1)).toEqual(items);
});

test('when Redis goes away, what was asked and what is asked later fails', async () => {
  const server = await startRedisServer();
  await using redis = await openFleetRedis(server.port);
  const asked = expect(redis.call('BLPOP', 'never', 0)).rejects.toThrow('closed');
  await server.stop();
  await asked;
  await expect(redis.call('PING')).rejects.toThrow('closed');
});
