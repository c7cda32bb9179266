import { expect, test } from 'vitest';
import { reading, setStage } from './reading.ts';

const NOW_MS = Date.parse('2026-11-23T17:28:30Z');

test('what Sidekiq has counted itself is read: days, and minutes as 7 and 8 name them', async () => {
  await using stage = await setStage();
  const { redis, server } = stage;
  await redis.mset({
    'ns:stat:processed:2026-11-22': 5000,
    'ns:stat:failed:2026-11-22': 12,
    'ns:stat:processed:2026-03-01': 7,
    // Today is not over.
    'ns:stat:processed:2026-11-23': 99,
  });
  await redis.hset('ns:j|20261123|17:8', { 'AJob|p': 3, 'AJob|f': 1, 'AJob|ms': 1200, 'BJob|p': 4 });
  await redis.hset('ns:j|261123|17:27', { 'AJob|p': 6 });
  await redis.hset('ns:j|261121|9:0', { 'AJob|p': 600, 'AJob|f': 20 });
  await redis.set('ns:j|261121|9:1', 'no hash');
  const counts = await reading(server.url, 'ns', (reader) => reader.pastCounts(NOW_MS));
  const at = (time: string) => Date.parse(time);
  expect(counts).toEqual([
    { atMs: at('2026-11-22T00:00:00Z'), resolution: 'day', processed: 5000, failed: 12 },
    { atMs: at('2026-03-01T00:00:00Z'), resolution: 'day', processed: 7, failed: 0 },
    { atMs: at('2026-11-21T09:00:00Z'), resolution: 'ten minutes', processed: 600, failed: 20 },
    { atMs: at('2026-11-23T17:27:00Z'), resolution: 'minute', processed: 6, failed: 0 },
    { atMs: at('2026-11-23T17:08:00Z'), resolution: 'minute', processed: 7, failed: 1 },
  ]);
});
