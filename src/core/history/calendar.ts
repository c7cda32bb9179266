/** When people work: what tells one day from another. */
export type Calendar = {
  /** An IANA zone such as America/Denver: the hours that people and their cron lines live by. */
  readonly timezone: string;
  /** Local dates such as 2026-12-25, or 12-25 for every year: compared with weekends, not with workdays. */
  readonly holidays: readonly string[];
};

/** A moment on the wall clock of a zone. `weekday` is 0 for Sunday; `date` as in 2026-12-25. */
export type LocalTime = {
  readonly date: string;
  readonly weekday: number;
  readonly minuteOfDay: number;
};

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** Zones change their offset on whole quarters of an hour, so one of them is asked about once. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Five weeks of ten minutes in a few zones; beyond that it begins anew. */
const MOST_OFFSETS = 100_000;

const formats = new Map<string, Intl.DateTimeFormat>();
/** Looking an offset up takes some microseconds, and an answer needs hundreds of them again and again. */
const offsets = new Map<string, number>();

export function localTime(atMs: number, timezone: string): LocalTime {
  const local = new Date(atMs + offsetMs(atMs, timezone));
  return {
    date: local.toISOString().slice(0, 10),
    weekday: local.getUTCDay(),
    minuteOfDay: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/** The moment `days` earlier at which clocks on the wall show the same; in a gap of the clock, an hour beside it. */
export function daysBefore(atMs: number, days: number, timezone: string): number {
  const guessMs = atMs - days * DAY_MS;
  return guessMs + offsetMs(atMs, timezone) - offsetMs(guessMs, timezone);
}

export function isHoliday(date: string, { holidays }: Calendar): boolean {
  return holidays.includes(date) || holidays.includes(date.slice(5));
}

/** Ahead of UTC. */
function offsetMs(atMs: number, timezone: string): number {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const key = `${timezone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const offset = readOffsetMs(quarter * QUARTER_MS, timezone);
  offsets.set(key, offset);
  return offset;
}

function readOffsetMs(atMs: number, timezone: string): number {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(timezone, format);
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wallMs - atMs;
}
