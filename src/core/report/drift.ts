import type { HistorySample } from '../history/sample.ts';

/** A class that took much more, or much less, of the workers' time than in the night before. In thread-hours. */
export type ClassDrift = { readonly jobClass: string; readonly hours: number; readonly beforeHours: number };

const MINUTES_IN_HOUR = 60;
/** Twice as much, or half: less than that is weather. */
const FACTOR = 2;
/** What takes half an hour of one thread matters to nobody. */
const LEAST_HOURS = 0.5;
/** Of a night of which less was seen, nothing is compared. */
const LEAST_SEEN_SHARE = 0.5;

/** The biggest change first; none where one of the nights was not seen well. */
export function classDrifts(
  samples: readonly HistorySample[],
  before: readonly HistorySample[],
): readonly ClassDrift[] {
  const [now, then] = [threadHours(samples), threadHours(before)];
  if (now.minutes === 0 || then.minutes < now.minutes * LEAST_SEEN_SHARE) return [];
  // The nights are put on one length, so that a gap in one of them looks like no change.
  const scale = now.minutes / then.minutes;
  const names = new Set([...now.hours.keys(), ...then.hours.keys()]);
  return [...names]
    .map((jobClass) => ({
      jobClass,
      hours: now.hours.get(jobClass) ?? 0,
      beforeHours: (then.hours.get(jobClass) ?? 0) * scale,
    }))
    .filter(({ hours, beforeHours }) => {
      const [less, more] = [Math.min(hours, beforeHours), Math.max(hours, beforeHours)];
      return more - less >= LEAST_HOURS && more >= FACTOR * less;
    })
    .sort((a, b) => Math.abs(b.hours - b.beforeHours) - Math.abs(a.hours - a.beforeHours));
}

function threadHours(samples: readonly HistorySample[]) {
  const hours = new Map<string, number>();
  let minutes = 0;
  for (const { busyByClass, minutes: seen } of samples) {
    if (busyByClass === undefined) continue;
    minutes += seen;
    for (const [jobClass, threads] of busyByClass)
      hours.set(jobClass, (hours.get(jobClass) ?? 0) + (threads * seen) / MINUTES_IN_HOUR);
  }
  return { hours, minutes };
}
