import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, bucketAt, forgetBuckets } from '../../../src/core/attribution/bucket.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function countAll(buckets: ReadonlyMap<number, Bucket>): number {
  return [...buckets.values()].reduce((sum, { tally }) => sum + tally.newJobs, 0);
}

test('joining old buckets loses nothing of the day, whatever the order in which beats come', () => {
  const minutes = fc.array(fc.integer({ min: 0, max: 6 * 60 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(minutes, (times) => {
      const buckets = new Map<number, Bucket>();
      let nowMs = 0;
      for (const minute of times) {
        bucketAt(buckets, minute * MINUTE).tally.newJobs++;
        nowMs = Math.max(nowMs, minute * MINUTE);
        forgetBuckets(buckets, nowMs, DAY);
        for (const [startMs, bucket] of buckets) expect(bucket.startMs).toBe(startMs);
      }
      expect(countAll(buckets)).toBe(times.length);
      const inOrder = [...buckets.values()].sort((a, b) => a.startMs - b.startMs);
      for (const [index, { startMs }] of inOrder.entries()) {
        const before = inOrder[index - 1];
        if (before !== undefined) expect(before.startMs + before.widthMs).toBeLessThanOrEqual(startMs);
      }
    }),
  );
});

test('minutes become tens after half an hour and hours after three, and a day later they are gone', () => {
  const buckets = new Map<number, Bucket>();
  for (let minute = 0; minute < 26 * 60; minute++) {
    bucketAt(buckets, minute * MINUTE).tally.newJobs++;
    forgetBuckets(buckets, minute * MINUTE, DAY);
  }
  const widths = Map.groupBy(buckets.values(), ({ widthMs }) => widthMs / MINUTE);
  expect(widths.get(1)?.length).toBeLessThanOrEqual(40);
  expect(widths.get(10)?.length).toBeLessThanOrEqual(21);
  expect(widths.get(60)?.length).toBeLessThanOrEqual(23);
  expect(countAll(buckets)).toBeGreaterThanOrEqual(24 * 60);
  expect(countAll(buckets)).toBeLessThan(25 * 60 + 1);
});
