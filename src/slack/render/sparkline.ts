import { short } from '../../core/amounts.ts';
import type { Chart } from '../../core/reply/reply.ts';
import { harmless } from './mrkdwn.ts';

const BARS = '▁▂▃▄▅▆▇█';
/** Fits a line on a phone. */
const POINTS_MAX = 30;

/** A chart in one line a series, for `text` and where charts are not to be had: "waiting ▁▂▅█ 40 → 312 k". */
export function sparklines(chart: Chart): readonly string[] {
  return chart.series.map(({ name, values }) => {
    const points = spread(values.filter(Number.isFinite), POINTS_MAX);
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined) return `${harmless(name)}: no figures`;
    const most = Math.max(...points);
    const peak = most > Math.max(first, last) ? `, at most ${short(most)}` : '';
    return `${harmless(name)} ${bars(points)} ${short(first)} → ${short(last)}${peak}`;
  });
}

/** At most `max` of them, evenly spread, the first and the last always among them. */
export function spread<T>(items: readonly T[], max: number): readonly T[] {
  if (items.length <= max) return items;
  return Array.from(
    { length: max },
    (_, index) => items.slice(Math.round((index * (items.length - 1)) / (max - 1)))[0],
  ).filter((item) => item !== undefined);
}

function bars(points: readonly number[]): string {
  const top = Math.max(...points);
  const bottom = Math.min(0, ...points);
  const height = top - bottom;
  return points
    .map((point) => BARS[height === 0 ? 0 : Math.round(((point - bottom) / height) * (BARS.length - 1))])
    .join('');
}
