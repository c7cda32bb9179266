import type { Calendar } from './calendar.ts';
import { type Figure, pastValueOf } from './figure.ts';
import { growthPerWeek, type PastHourValue } from './growth.ts';
import { median, quantile } from './quantile.ts';
import { type PastHour, type SameHour, sameHour } from './same-hour.ts';
import type { HistorySample } from './sample.ts';

/**
 * What a figure usually is at this hour: its median, and the range within which it nearly always was. `basis` says which
 * days it was learned from.
 */
export type Usual = {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  readonly days: number;
  readonly basis: 'same weekday' | 'workdays' | 'days off' | 'other days';
  /** False in the first week: what this weekday alone brings has never been seen. */
  readonly knowsWeekday: boolean;
};

/** Two days may be alike by chance. */
const NEEDS_DAYS = 3;
/** Of an hour that was hardly seen on any of them, nothing is known. */
const NEEDS_MINUTES = 30;
/** Nine of ten values lie between; what is rarer than that does not make a habit. */
const LOW = 0.05;
const HIGH = 0.95;
const WEEK_DAYS = 7;

/**
 * What a figure usually is at a moment, by the samples of the past weeks; undefined while too few are known. Samples of
 * incidents must have been left out (learnable.ts), and all be of one resolution: ten minutes, or hours where it is many.
 */
export function usual(
  figure: Figure,
  atMs: number,
  calendar: Calendar,
  samples: readonly HistorySample[],
): Usual | undefined {
  return usualAt(figure, sameHour(atMs, calendar, samples));
}

/** What was judged of an hour, by figure: at each look of ten minutes the same is asked for again. */
const judged = new WeakMap<SameHour, Map<string, Usual | undefined>>();

/** The same where many figures of one moment are asked for. */
export function usualAt(figure: Figure, hour: SameHour): Usual | undefined {
  const known = judged.get(hour) ?? new Map<string, Usual | undefined>();
  judged.set(hour, known);
  const key = Object.values(figure).join(' ');
  if (!known.has(key)) known.set(key, judge(figure, hour));
  return known.get(key);
}

function judge(figure: Figure, { dayKind, past }: SameHour): Usual | undefined {
  const values = valuesOf(figure, past);
  const knowsWeekday = values.some(({ hour }) => isSameWeekday(hour));
  // Whoever is off on a holiday, the plan of nightly runs may not know of it: both are as usual.
  const isEither = dayKind === 'holiday' ? isSameWeekday : () => false;
  for (const basis of basesFor(dayKind)) {
    const chosen = values.filter(({ hour }) => isOn(basis, hour) || isEither(hour));
    const days = new Set(chosen.map(({ hour }) => hour.daysAgo)).size;
    const minutes = chosen.reduce((sum, { hour }) => sum + hour.sample.minutes, 0);
    if (days < NEEDS_DAYS || minutes < NEEDS_MINUTES) continue;
    const growth = growthPerWeek(figure, values);
    return { ...spread(chosen, growth), samples: chosen.length, days, basis, knowsWeekday };
  }
  return undefined;
}

function valuesOf(figure: Figure, past: SameHour['past']): readonly PastHourValue[] {
  const values: PastHourValue[] = [];
  // A night asks for thousands of these: a loop is a third of what it takes in steps.
  for (const hour of past) {
    const value = pastValueOf(figure, hour.sample);
    if (value !== undefined) values.push({ hour, value });
  }
  return values;
}

/** The best first. A holiday is like no weekday, so it begins with days off. */
function basesFor(dayKind: SameHour['dayKind']): readonly Usual['basis'][] {
  switch (dayKind) {
    case 'workday':
      return ['same weekday', 'workdays', 'other days'];
    case 'weekend':
      return ['same weekday', 'days off', 'other days'];
    case 'holiday':
      return ['days off', 'other days'];
    default:
      return dayKind satisfies never;
  }
}

function isOn(basis: Usual['basis'], { daysAgo, dayKind }: Omit<PastHour, 'sample'>): boolean {
  switch (basis) {
    case 'same weekday':
      return isSameWeekday({ daysAgo, dayKind });
    case 'workdays':
      return dayKind === 'workday';
    case 'days off':
      return dayKind !== 'workday';
    case 'other days':
      return true;
    default:
      return basis satisfies never;
  }
}

function isSameWeekday({ daysAgo, dayKind }: Omit<PastHour, 'sample'>): boolean {
  return daysAgo % WEEK_DAYS === 0 && dayKind !== 'holiday';
}

function spread(values: readonly PastHourValue[], growth: number): Pick<Usual, 'median' | 'low' | 'high'> {
  const shift = (daysAgo: number): number => growth ** (daysAgo / WEEK_DAYS);
  const usuals = values.map(({ value, hour }) => value.usual * shift(hour.daysAgo)).sort((a, b) => a - b);
  const mosts = values.map(({ value, hour }) => value.most * shift(hour.daysAgo)).sort((a, b) => a - b);
  const middle = median(usuals);
  return { median: middle, low: quantile(usuals, LOW), high: Math.max(middle, quantile(mosts, HIGH)) };
}
