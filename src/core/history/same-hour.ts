import { type Calendar, DAY_MS, daysBefore, isHoliday, localTime } from './calendar.ts';
import type { HistorySample, TimeRange } from './sample.ts';

/** Five weeks: long enough for five Mondays, short enough that what the team has changed since is forgotten. */
const LEARNED_DAYS = 35;
/** To either side of the moment, so that a nightly run that begins some minutes earlier is no surprise. */
const AROUND_MS = 30 * 60_000;

/** What of the past lies at this hour of the day, and on what kind of day. */
export type SameHour = {
  /** What kind of day the moment itself is on. */
  readonly dayKind: DayKind;
  readonly past: readonly PastHour[];
};

export type PastHour = {
  readonly sample: HistorySample;
  readonly daysAgo: number;
  readonly dayKind: DayKind;
};

type DayKind = 'workday' | 'weekend' | 'holiday';

/** Where the samples lie that tell what is usual at a moment, or from one to another, so that nothing else need be read. */
export function sameHourRanges(fromMs: number, timezone: string, toMs = fromMs): readonly TimeRange[] {
  return Array.from({ length: LEARNED_DAYS }, (_, index) => {
    return {
      fromMs: daysBefore(fromMs, index + 1, timezone) - AROUND_MS,
      toMs: daysBefore(toMs, index + 1, timezone) + AROUND_MS,
    };
  });
}

/** Picks the samples around the same wall-clock time of earlier days. All are to be of one resolution. */
export function sameHour(atMs: number, calendar: Calendar, samples: readonly HistorySample[]): SameHour {
  const days = new Map<number, { readonly range: TimeRange; readonly dayKind: DayKind }>();
  sameHourRanges(atMs, calendar.timezone).forEach((range, index) => {
    days.set(index + 1, { range, dayKind: dayKindOf(range.fromMs + AROUND_MS, calendar) });
  });
  const past = samples.flatMap((sample): PastHour[] => {
    const daysAgo = Math.round((atMs - sample.atMs) / DAY_MS);
    const day = days.get(daysAgo);
    if (day === undefined || sample.atMs < day.range.fromMs || sample.atMs >= day.range.toMs) return [];
    return [{ sample, daysAgo, dayKind: day.dayKind }];
  });
  return { dayKind: dayKindOf(atMs, calendar), past };
}

function dayKindOf(atMs: number, calendar: Calendar): DayKind {
  const { date, weekday } = localTime(atMs, calendar.timezone);
  if (isHoliday(date, calendar)) return 'holiday';
  return weekday === 0 || weekday === 6 ? 'weekend' : 'workday';
}
