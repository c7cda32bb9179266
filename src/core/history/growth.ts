import type { Figure, PastValue } from './figure.ts';
import { medianOf } from './quantile.ts';
import type { PastHour } from './same-hour.ts';

const WEEK_DAYS = 7;
/** A week of which less is known may have lost its weekend, or its workdays, and would look like growth. */
const NEEDS_DAYS_OF_WEEK = 6;
/** Two weeks that differ are no trend. */
const NEEDS_WEEKS = 3;
/** A fleet that doubles in a month; faster than that is a change of the application, which the newest weeks will teach. */
const MOST_PER_WEEK = 1.2;
/** A week that goes so many times as far as the others is a step. */
const MOST_UNEVEN = 4;
/** What is nearly nothing grows by large factors and means nothing. */
const NEEDS_LEVEL = 1;

/** What grows with the number of customers. A wait or a share that grows is a trouble, not a trend to follow. */
const GROWS: ReadonlySet<Figure['kind']> = new Set([
  'waiting',
  'queue size',
  'scheduled set',
  'processed',
  'failed',
  'busy',
  'busy class',
  'memory',
]);

export type PastHourValue = { readonly hour: PastHour; readonly value: PastValue };

/**
 * By what factor a figure grows from week to week at this hour; 1 where there is no trend. A trend is weeks that all go the
 * same way at much the same pace: a step, or one odd week, is none, and shifting by it would do more harm than good.
 */
export function growthPerWeek(figure: Figure, values: readonly PastHourValue[]): number {
  if (!GROWS.has(figure.kind)) return 1;
  const slopes: number[] = [];
  let newer: Week | undefined;
  for (const week of weeklyLevels(values)) {
    if (newer !== undefined) slopes.push(slopeBetween(newer, week));
    // Most figures have no trend, and most of those show it in their newest weeks: the others need not be looked at.
    if ((slopes[0] ?? 1) * (slopes.at(-1) ?? 1) <= 0) return 1;
    newer = week;
  }
  if (slopes.length < NEEDS_WEEKS - 1) return 1;
  const slope = medianOf(slopes);
  const isTrend = slopes.every((each) => Math.abs(each) <= MOST_UNEVEN * Math.abs(slope));
  return isTrend ? Math.min(MOST_PER_WEEK, Math.max(1 / MOST_PER_WEEK, Math.exp(slope))) : 1;
}

type Week = { readonly weeksAgo: number; readonly level: number };

/** The newest first; without holidays, which are like no other day. */
function* weeklyLevels(values: readonly PastHourValue[]): Generator<Week> {
  const days: number[][] = [];
  for (const { hour, value } of values) {
    if (hour.dayKind === 'holiday') continue;
    days[hour.daysAgo] ??= [];
    days[hour.daysAgo]?.push(value.usual);
  }
  for (let first = 1; first < days.length; first += WEEK_DAYS) {
    const ofWeek = days.slice(first, first + WEEK_DAYS).filter((ofDay) => ofDay !== undefined);
    const level = ofWeek.length < NEEDS_DAYS_OF_WEEK ? 0 : medianOf(ofWeek.map(medianOf));
    if (level >= NEEDS_LEVEL) yield { weeksAgo: (first - 1) / WEEK_DAYS + 1, level };
  }
}

/** Growth of the logarithm in a week, from an older week to a newer one. */
function slopeBetween(newer: Week, older: Week): number {
  return Math.log(newer.level / older.level) / (older.weeksAgo - newer.weeksAgo);
}
