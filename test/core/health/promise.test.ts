import { expect, test } from 'vitest';
import { latencyTargetMs } from '../../../src/core/health/promise.ts';
import { aPolicy } from '../../snapshots.ts';

test.each([
  ['within_5_minutes', 300_000],
  ['within_thirty_seconds', 30_000],
  ['within_1_hour', 3_600_000],
  ['reports_within_1_day', 86_400_000],
  ['latency_30s', 30_000],
  ['critical-latency-5m', 300_000],
  ['latency_0s', undefined],
  ['within_reach', undefined],
  ['mailers', undefined],
  ['wherewithin_5_minutes', undefined],
])('the name %s promises %s ms', (queue, promisedMs) => {
  expect(latencyTargetMs(queue, aPolicy())).toBe(promisedMs);
});

test('the settings are stronger than the name', () => {
  const policy = aPolicy({ queues: new Map([['within_5_minutes', { latencyTargetMs: 1000 }]]) });
  expect(latencyTargetMs('within_5_minutes', policy)).toBe(1000);
});
