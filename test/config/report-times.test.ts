import { expect, test } from 'vitest';
import { scheduleOf } from '../../src/config/report-times.ts';

const schedule = (cron: string, timezone = 'America/Denver') =>
  scheduleOf({ sidekiq: 'payroll', channel: 'C0PAYROLL', cron, timezone });

/** Looked at every minute, an hour back each time, as the scheduler does. */
function plannedOver(cron: string, from: string, to: string): readonly string[] {
  const { dueBetween } = schedule(cron);
  const seen = new Set<number>();
  for (let nowMs = Date.parse(from); nowMs < Date.parse(to); nowMs += 60_000)
    for (const dueMs of dueBetween(nowMs - 3_600_000, nowMs)) seen.add(dueMs);
  return [...seen].sort((a, b) => a - b).map((dueMs) => new Date(dueMs).toISOString().slice(0, 16));
}

test('when the clock goes back, a time that comes twice is due once', () => {
  expect(plannedOver('30 1 * * *', '2026-10-31T00:00Z', '2026-11-03T00:00Z')).toEqual([
    '2026-10-31T07:30',
    '2026-11-01T07:30',
    '2026-11-02T08:30',
  ]);
});

test('when the clock goes forward, a time that is left out is due when it has jumped', () => {
  expect(plannedOver('30 2 * * *', '2026-03-07T00:00Z', '2026-03-10T00:00Z')).toEqual([
    '2026-03-07T09:30',
    '2026-03-08T09:00',
    '2026-03-09T08:30',
  ]);
});

test('nine in the morning on workdays stays nine in the morning', () => {
  expect(plannedOver('0 9 * * 1-5', '2026-10-29T12:00Z', '2026-11-03T00:00Z')).toEqual([
    '2026-10-29T15:00',
    '2026-10-30T15:00',
    '2026-11-02T16:00',
  ]);
});

test('another line, zone or channel is another schedule, and the same is the same', () => {
  const settings = { sidekiq: 'payroll', channel: 'C0', cron: '0 9 * * *', timezone: 'UTC' };
  const changed = [{ cron: '1 9 * * *' }, { timezone: 'Europe/Berlin' }, { channel: 'C1' }, { sidekiq: 'p' }];
  const keys = [settings, ...changed.map((change) => ({ ...settings, ...change }))].map(
    (s) => scheduleOf(s).key,
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect(scheduleOf({ ...settings }).key).toBe(keys[0]);
});
