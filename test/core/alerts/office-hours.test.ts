import { expect, test } from 'vitest';
import { isOfficeTime, parseOfficeHours } from '../../../src/core/alerts/office-hours.ts';

const BERLIN = { timezone: 'Europe/Berlin', holidays: ['12-25'] };

test('office hours are read from words, and nonsense is none', () => {
  expect(parseOfficeHours('09:00-17:30')).toEqual({ fromMinute: 540, toMinute: 1050 });
  expect(parseOfficeHours(' 9:00 - 24:00 ')).toEqual({ fromMinute: 540, toMinute: 1440 });
  for (const words of ['', '9-17', '09:60-17:00', '24:00-25:00', '09:00-09:00', '09:00-17:30 Mon-Fri'])
    expect(parseOfficeHours(words)).toBeUndefined();
});

test('they are those of the wall clock, on workdays only', () => {
  const hours = parseOfficeHours('09:00-17:30');
  const isOpen = (time: string): boolean => isOfficeTime(Date.parse(time), hours, BERLIN);
  expect(isOpen('2026-11-26T08:00:00Z')).toBe(true);
  expect(isOpen('2026-11-26T07:59:00Z')).toBe(false);
  expect(isOpen('2026-07-23T07:00:00Z')).toBe(true);
  expect(isOpen('2026-11-26T16:30:00Z')).toBe(false);
  expect(isOpen('2026-11-28T10:00:00Z')).toBe(false);
  expect(isOpen('2026-12-25T10:00:00Z')).toBe(false);
  expect(isOfficeTime(Date.parse('2026-11-28T03:00:00Z'), undefined, BERLIN)).toBe(true);
});

test('over midnight they are one stretch', () => {
  const night = parseOfficeHours('22:00-06:00');
  const isOpen = (time: string): boolean => isOfficeTime(Date.parse(time), night, BERLIN);
  expect(isOpen('2026-11-26T22:00:00Z')).toBe(true);
  expect(isOpen('2026-11-26T03:00:00Z')).toBe(true);
  expect(isOpen('2026-11-26T12:00:00Z')).toBe(false);
});
