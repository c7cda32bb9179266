import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addClassWork, type ClassWork } from '../../src/core/sidekiq/class-work.ts';
import { reading, setStage } from './reading.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 17, 8, 30);

test('the minutes of Sidekiq 7 and 8 are added up over eight hours, by class', async () => {
  await using stage = await setStage();
  const { redis, server } = stage;
  await redis.hset('app:j|20261123|17:8', {
    'Tax::FilingJob|p': 3,
    'Tax::FilingJob|f': 1,
    'Tax::FilingJob|ms': 4200,
  });
  await redis.hset('app:j|261123|9:09', { 'Tax::FilingJob|p': 2, 'Tax::FilingJob|ms': 800, 'Sync|p': 1 });
  await redis.hset('app:j|261123|9:08', { 'Old|p': 99 });
  await redis.set('app:j|20261123|17:7', 'no hash');
  const work = await reading(server.url, 'app', (reader) => reader.classWork(NOW_MS));
  expect(work).toEqual(
    new Map([
      ['Tax::FilingJob', { ended: 5, failed: 1, ranMs: 5000 }],
      ['Sync', { ended: 1, failed: 0, ranMs: 0 }],
    ]),
  );
  expect(await reading(server.url, '', (reader) => reader.classWork(NOW_MS))).toBeUndefined();
});

test('whatever stands in a metrics hash, nothing but counts of classes comes out', () => {
  const field = fc.oneof(
    fc.string(),
    fc.string().map((name) => `${name}|p`),
    fc.constant('|ms'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(field, fc.string())), (fields) => {
      const work = new Map<string, ClassWork>();
      for (const [name, value] of fields) addClassWork(work, name, value);
      for (const [jobClass, counts] of work) {
        expect(jobClass).not.toBe('');
        expect(Object.values(counts).every((count) => Number.isFinite(count) && count >= 0)).toBe(true);
      }
    }),
  );
});
