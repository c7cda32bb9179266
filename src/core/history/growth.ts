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

/**
 * By what factor a figure grows from week to week at this hour; 1 where there is no trend. A trend is weeks that all go the
 * same way at much the same pace: a step, or one odd week, is none, and shifting by it would do more harm than good.
 */
export function growthPerWeek(figure: Figure, values: readonly Dated[]): number {
  if (!GROWS.has(figure.kind)) return 1;
  const weeks = weeklyLevels(values);
  if (weeks.length < NEEDS_WEEKS) return 1;
  const slopes = weeks
    .slice(1)
    .map(({ weeksAgo, level }, index) => slopeBetween(weeks[index], { weeksAgo, level }));
  const slope = medianOf(slopes);
  const isTrend = slopes.every((each) => each * slope > 0 && Math.abs(each) <= MOST_UNEVEN * Math.abs(slope));
  return isTrend ? Math.min(MOST_PER_WEEK, Math.max(1 / MOST_PER_WEEK, Math.exp(slope))) : 1;
}

type Dated = Omit<PastHour, 'sample'> & { readonly value: PastValue };
type Week = { readonly weeksAgo: number; readonly level: number };

/** The newest first; without holidays, which are like no other day. */
function weeklyLevels(values: readonly Dated[]): readonly Week[] {
  const ordinary = values.filter(({ dayKind }) => dayKind !== 'holiday');
  const weeks = Map.groupBy(ordinary, ({ daysAgo }) => Math.ceil(daysAgo / WEEK_DAYS));
  return [...weeks]
    .flatMap(([weeksAgo, ofWeek]) => {
      const days = [...Map.groupBy(ofWeek, ({ daysAgo }) => daysAgo).values()];
      const level = medianOf(days.map((ofDay) => medianOf(ofDay.map(({ value }) => value.usual))));
      return days.length < NEEDS_DAYS_OF_WEEK || level < NEEDS_LEVEL ? [] : [{ weeksAgo, level }];
    })
    .sort((a, b) => a.weeksAgo - b.weeksAgo);
}

/** Growth of the logarithm in a week, from an older week to a newer one. */
function slopeBetween(newer: Week | undefined, older: Week): number {
  if (newer === undefined) return 0;
  return Math.log(newer.level / older.level) / (older.weeksAgo - newer.weeksAgo);
}
