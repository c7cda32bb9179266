import { expect, test } from 'vitest';
import { readRedisState } from '../../src/core/redis-state.ts';
import { feelsLike, replicaLagBytes, waitFor } from '../../src/redis/pace.ts';

const INFO = [
  'role:master',
  'connected_slaves:3',
  'slave0:ip=10.0.0.1,port=6379,state=online,offset=90000000,lag=0',
  'slave1:ip=10.0.0.2,port=6379,state=online,offset=50000000,lag=1',
  'slave2:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=0,lag=0',
  'master_repl_offset:100000000',
].join('\r\n');

test('the slowest replica that is online counts, and one that is being copied does not', () => {
  expect(replicaLagBytes(INFO)).toBe(50_000_000);
  expect(replicaLagBytes('role:master\r\nconnected_slaves:0\r\nmaster_repl_offset:17\r\n')).toBe(0);
  expect(replicaLagBytes('')).toBe(0);
});

test('it waits for a Redis that became slow, the longer the slower, and for a replica far behind', () => {
  expect(waitFor(0, 0)).toBe(0);
  expect(waitFor(10, 31 * 1024 * 1024)).toBe(0);
  expect(waitFor(20, 0)).toBe(100);
  expect(waitFor(10_000, 0)).toBe(1000);
  expect(waitFor(0, 33 * 1024 * 1024)).toBe(250);
});

test('it tells how Redis feels, as far as it may be asked', () => {
  const info = 'role:master\r\nused_memory:1288490189\r\nmaxmemory:2147483648\r\nblocked_clients:14\r\n';
  const asked = (text: string | undefined, pingMs: number) =>
    feelsLike(readRedisState({ info: text, pingMs, stopsWritesOnFailedSave: undefined }));
  expect(asked(info, 1.6)).toBe('Redis answers in 2 ms, memory 1.2 GB of 2 GB, 14 clients blocked');
  expect(asked(undefined, 0.4)).toBe('Redis answers in under 1 ms');
});
