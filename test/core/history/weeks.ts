import type { Calendar } from '../../../src/core/history/calendar.ts';
import { type SameHour, sameHour } from '../../../src/core/history/same-hour.ts';
import type { HistorySample } from '../../../src/core/history/sample.ts';
import { Past } from '../../../src/flow/past.ts';
import { waitingAt } from './samples.ts';

const UTC: Calendar = { timezone: 'UTC', holidays: [] };

/** Nobody has watched before. */
export const NO_PAST = new Past('payroll', { samples: async () => [], incidents: async () => [] }, UTC);

/** Five weeks of ten-minute samples before a time, in each of which as many jobs waited in `default`. */
export function weeksBefore(atMs: number, waiting = 40): readonly HistorySample[] {
  const lastMs = atMs - (atMs % 600_000);
  return Array.from({ length: 35 * 144 }, (_, index) => waitingAt(lastMs - (index + 1) * 600_000, waiting));
}

/** What few days say that did not have this weekday among them. */
export function fewDaysOf(atMs: number, waiting = 40, days = 6): SameHour {
  return sameHour(
    atMs,
    UTC,
    weeksBefore(atMs, waiting)
      .slice(0, days * 144)
      .toReversed(),
  );
}

/** What such weeks say about a moment. */
export function sameHourOf(atMs: number, waiting = 40): SameHour {
  return sameHour(atMs, UTC, weeksBefore(atMs, waiting).toReversed());
}
