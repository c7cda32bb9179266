import { type Calendar, isHoliday, localTime } from '../history/calendar.ts';

/** When people who are asleep or on holiday should be left alone. Minutes of the day, by the wall clock. */
export type OfficeHours = { readonly fromMinute: number; readonly toMinute: number };

/** How an alert that nobody took up is brought up again; undefined: it is not, and at any time. */
export type Reminders = {
  readonly afterMs: number | undefined;
  readonly officeHours: OfficeHours | undefined;
};

const DAY_MINUTES = 24 * 60;

/** "09:00-17:30"; over midnight too. Undefined for anything else. */
export function parseOfficeHours(words: string): OfficeHours | undefined {
  const [, ...numbers] = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(words.trim()) ?? [];
  const [fromHour, from, toHour, to] = numbers.map(Number);
  if (fromHour === undefined || from === undefined || toHour === undefined || to === undefined)
    return undefined;
  const [fromMinute, toMinute] = [fromHour * 60 + from, toHour * 60 + to];
  if (from > 59 || to > 59 || fromMinute >= DAY_MINUTES || toMinute > DAY_MINUTES) return undefined;
  return fromMinute === toMinute ? undefined : { fromMinute, toMinute };
}

export function isOfficeTime(atMs: number, hours: OfficeHours | undefined, calendar: Calendar): boolean {
  if (hours === undefined) return true;
  const { date, weekday, minuteOfDay } = localTime(atMs, calendar.timezone);
  if (weekday === 0 || weekday === 6 || isHoliday(date, calendar)) return false;
  const { fromMinute, toMinute } = hours;
  return fromMinute < toMinute
    ? minuteOfDay >= fromMinute && minuteOfDay < toMinute
    : minuteOfDay >= fromMinute || minuteOfDay < toMinute;
}
