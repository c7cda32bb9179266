import { expect, test } from 'vitest';
import type { Calendar } from '../../../src/core/history/calendar.ts';
import type { Figure } from '../../../src/core/history/figure.ts';
import { learnable } from '../../../src/core/history/learnable.ts';
import type { HistorySample } from '../../../src/core/history/sample.ts';
import { usual } from '../../../src/core/history/usual.ts';
import { waitingAt } from './samples.ts';

const DENVER: Calendar = { timezone: 'America/Denver', holidays: [] };
const UTC: Calendar = { timezone: 'UTC', holidays: [] };
const WAITING: Figure = { kind: 'waiting' };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Ten-minute samples over some days before a time; how many wait is told by the hour of the day in UTC and the day. */
function past(untilMs: number, days: number, waitingOn: (at: Date) => number): readonly HistorySample[] {
  return Array.from({ length: days * 144 }, (_, index) => {
    const atMs = untilMs - (index + 1) * 10 * MINUTE_MS;
    return waitingAt(atMs, waitingOn(new Date(atMs)));
  }).reverse();
}

/** A Wednesday. */
const NOON = Date.parse('2026-11-25T12:00:00Z');

test('is learned from the same hour of the same weekday', () => {
  const samples = past(NOON, 35, (at) => (at.getUTCDay() === 3 ? 1000 : 40) + at.getUTCHours());
  expect(usual(WAITING, NOON, UTC, samples)).toMatchObject({
    basis: 'same weekday',
    days: 5,
    median: 1012,
  });
  expect(usual(WAITING, NOON - DAY_MS, UTC, samples)).toMatchObject({ low: 51, high: 52 });
});

test('falls back to the same hour of other days while young, and says nothing before', () => {
  const samples = past(NOON, 6, (at) => (at.getUTCDay() % 6 === 0 ? 0 : 40));
  expect(usual(WAITING, NOON, UTC, samples)).toMatchObject({ basis: 'workdays', days: 4, median: 40 });
  const saturday = Date.parse('2026-11-28T12:00:00Z');
  expect(
    usual(
      WAITING,
      saturday,
      UTC,
      past(saturday, 6, () => 7),
    ),
  ).toMatchObject({
    basis: 'other days',
    days: 6,
    median: 7,
  });
  expect(
    usual(
      WAITING,
      NOON,
      UTC,
      past(NOON, 2, () => 40),
    ),
  ).toBeUndefined();
  expect(usual(WAITING, NOON, UTC, [])).toBeUndefined();
});

test('knows whether this weekday has ever been seen', () => {
  const knows = (days: number) =>
    usual(
      WAITING,
      NOON,
      UTC,
      past(NOON, days, () => 40),
    )?.knowsWeekday;
  expect(knows(6)).toBe(false);
  expect(knows(8)).toBe(true);
});

test('is shifted by growth, and not by one odd week', () => {
  const weeksAgo = (at: Date): number => (NOON - at.getTime()) / (7 * DAY_MS);
  const grown = usual(
    WAITING,
    NOON,
    UTC,
    past(NOON, 35, (at) => 1000 * 1.1 ** -weeksAgo(at)),
  );
  expect(grown?.median).toBeGreaterThan(990);
  expect(grown?.median).toBeLessThan(1010);
  expect((grown?.high ?? 0) - (grown?.low ?? 0)).toBeLessThan(40);
  const odd = past(NOON, 35, (at) => (Math.floor(weeksAgo(at)) === 1 ? 4000 : 1000));
  expect(usual(WAITING, NOON, UTC, odd)?.median).toBe(1000);
});

test('a holiday is compared with days off, and no weekday learns from one', () => {
  const shape = (at: Date): number => (at.getUTCDay() % 6 === 0 ? 10 : 1000);
  const calendar = { ...UTC, holidays: ['2026-11-25', '11-18'] };
  const samples = past(NOON, 35, (at) => (at.getUTCDate() === 18 ? 10 : shape(at)));
  // Nightly runs may not know of a holiday: what its weekday brings is not beyond usual on it.
  expect(usual(WAITING, NOON, calendar, samples)).toMatchObject({
    basis: 'days off',
    median: 10,
    high: 1000,
  });
  const nextWednesday = NOON + 7 * DAY_MS;
  const later = past(nextWednesday, 35, (at) => ([18, 25].includes(at.getUTCDate()) ? 10 : shape(at)));
  expect(usual(WAITING, nextWednesday, calendar, later)).toMatchObject({
    basis: 'same weekday',
    days: 3,
    low: 1000,
  });
});

test('keeps to the clock on the wall when it changes', () => {
  // Denver leaves summer time on 1 November 2026: a run at 02:00 on the wall was at 08:00 UTC, and is at 09:00 since.
  const change = Date.parse('2026-11-01T08:00:00Z');
  const runAt = (at: Date): number => {
    const hour = at.getTime() < change ? 8 : 9;
    return at.getUTCHours() === hour ? 3000 : 5;
  };
  const atMs = Date.parse('2026-11-11T09:30:00Z');
  const samples = past(atMs, 35, runAt);
  expect(usual(WAITING, atMs, DENVER, samples)).toMatchObject({ median: 3000, low: 3000 });
  expect(usual(WAITING, atMs, UTC, samples)?.low).toBe(5);
  expect(usual(WAITING, atMs - 2 * 60 * MINUTE_MS, DENVER, samples)).toMatchObject({ median: 5, high: 5 });
});

test('an incident is not learned from', () => {
  const lastWeek = NOON - 7 * DAY_MS;
  const samples = past(NOON, 35, (at) => (Math.abs(at.getTime() - lastWeek) < 3_600_000 ? 300_000 : 40));
  const range = { fromMs: lastWeek - 3_600_000, toMs: lastWeek + 3_600_000 };
  expect(usual(WAITING, NOON, UTC, samples)?.high).toBeGreaterThan(100_000);
  expect(usual(WAITING, NOON, UTC, learnable(samples, [range]))).toMatchObject({ days: 4, high: 40 });
});

test('what lasts for weeks is no incident, and is learned at last', () => {
  const since = NOON - 30 * DAY_MS;
  const samples = past(NOON, 35, (at) => (at.getTime() > since ? 500 : 40));
  const left = learnable(samples, [{ fromMs: since, toMs: Number.POSITIVE_INFINITY }]);
  expect(usual(WAITING, NOON, UTC, left)).toMatchObject({ median: 500, high: 500, days: 4 });
});

test('a queue that had no jobs at this hour is usually empty', () => {
  const samples = past(NOON, 35, () => 40);
  expect(usual({ kind: 'queue size', queue: 'mailers' }, NOON, UTC, samples)).toMatchObject({
    median: 0,
    high: 0,
  });
  expect(usual({ kind: 'queue latency', queue: 'default' }, NOON, UTC, samples)?.median).toBe(400);
});
