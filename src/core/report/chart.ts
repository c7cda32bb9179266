import type { Calendar } from '../history/calendar.ts';
import type { HistorySample } from '../history/sample.ts';
import type { Chart } from '../reply/reply.ts';
import { clockTime, type UsualOf } from './night.ts';

/** As many points as Slack draws (reference: 9); each shows the most of its part of the night. */
const POINTS = 20;

/** What waited through the night, beside what usually does; undefined when fewer than two points are known. */
export function nightChart(
  samples: readonly HistorySample[],
  calendar: Calendar,
  usualOf: UsualOf,
): Chart | undefined {
  const seen = samples.flatMap(({ atMs, waiting }) =>
    waiting === undefined ? [] : [{ atMs, most: Math.round(waiting.mostSize) }],
  );
  const perPoint = Math.ceil(seen.length / POINTS);
  const points = Array.from({ length: Math.ceil(seen.length / perPoint) || 0 }, (_, nth) => {
    const group = seen.slice(nth * perPoint, (nth + 1) * perPoint);
    return { atMs: group[0]?.atMs ?? 0, most: Math.max(...group.map(({ most }) => most)) };
  });
  if (points.length < 2) return undefined;
  const usual = points.map(({ atMs }) => usualOf({ kind: 'waiting' }, atMs)?.median);
  const known = usual.filter((value) => value !== undefined).map(Math.round);
  return {
    type: 'line',
    title: 'Jobs waiting through the night',
    xLabel: calendar.timezone,
    yLabel: 'jobs waiting',
    categories: points.map(({ atMs }) => clockTime(atMs, calendar)),
    series: [
      { name: 'waiting', values: points.map(({ most }) => most) },
      ...(known.length === points.length ? [{ name: 'usually', values: known }] : []),
    ],
  };
}
