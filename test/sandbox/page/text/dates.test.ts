import { expect, test } from 'vitest';
import { formatDate } from '../../../../src/sandbox/page/text/dates.ts';

const NOW = Date.UTC(2026, 5, 10, 3, 30);
const denver = { nowMs: NOW, timeZone: 'America/Denver', locale: 'en-US' };
const utc = { ...denver, timeZone: 'UTC' };
/** Some locales put a narrow no-break space before PM. */
const plain = (text: string): string => text.replaceAll('\u202F', ' ');

test('a date is said in the zone of the reader', () => {
  const unix = NOW / 1000 - 3600;
  expect(plain(formatDate('{date_num} {time}', unix, utc))).toBe('2026-06-10 2:30 AM');
  expect(plain(formatDate('{date_num} {time}', unix, denver))).toBe('2026-06-09 8:30 PM');
});

test('today, yesterday and tomorrow go by the calendar of the reader', () => {
  const unix = NOW / 1000 - 4 * 3600;
  expect(formatDate('{date_short_pretty}', unix, utc)).toBe('yesterday');
  expect(formatDate('{date_short_pretty}', unix, denver)).toBe('today');
  expect(formatDate('{date_pretty}', unix + 86_400, utc)).toBe('today');
  expect(formatDate('{date_pretty}', unix + 2 * 86_400, utc)).toBe('tomorrow');
  expect(formatDate('{date_short_pretty}', unix - 86_400, utc)).toBe('Jun 8, 2026');
});

test('how long ago is said in the largest fitting unit', () => {
  expect(formatDate('{ago}', NOW / 1000 - 120, utc)).toBe('2 minutes ago');
  expect(formatDate('{ago}', NOW / 1000 - 7200, utc)).toBe('2 hours ago');
});

test('unknown tokens and impossible times are left as they are', () => {
  expect(formatDate('{moon} {', 0, utc)).toBe('{moon} {');
  expect(formatDate('{time}', 9e12, utc)).toBe('{time}');
});
