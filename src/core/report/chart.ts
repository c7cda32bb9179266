import { type HistorySample, SPAN_MS } from '../history/sample.ts';
import type { Chart } from '../reply/reply.ts';
import { clockTime, type Night, type UsualOf } from './night.ts';
import { gapWords, seenOf } from './seen.ts';

/** As many points as Slack draws (reference: 9); each shows the most of its part of the night. */
const POINTS = 20;

/** What waited through the night, beside what usually does; undefined when fewer than two points are known. */
export function nightChart(
  samples: readonly HistorySample[],
  night: Pick<Night, 'range' | 'calendar'>,
  usualOf: UsualOf,
): Chart | undefined {
  const { range, calendar } = night;
  const seen = samples.flatMap(({ atMs, resolution, waiting }) =>
    waiting === undefined ? [] : [{ atMs, spanMs: SPAN_MS[resolution], most: Math.round(waiting.mostSize) }],
  );
  const spanMs = seen[0]?.spanMs ?? 1;
  const pointMs = Math.ceil((range.toMs - range.fromMs) / POINTS / spanMs) * spanMs;
  // By time and not by number, so that no point stands for the hours on both sides of a gap.
  const groups = Map.groupBy(seen, ({ atMs }) => Math.floor((atMs - range.fromMs) / pointMs));
  const points = [...groups.values()].map((group) => {
    return { atMs: group[0]?.atMs ?? 0, most: Math.max(...group.map(({ most }) => most)) };
  });
  if (points.length < 2) return undefined;
  const usual = points.map(({ atMs }) => usualOf({ kind: 'waiting' }, atMs)?.median);
  const known = usual.filter((value) => value !== undefined).map(Math.round);
  return {
    type: 'line',
    title: titleOf(samples, night),
    xLabel: calendar.timezone,
    yLabel: 'jobs waiting',
    categories: points.map(({ atMs }) => clockTime(atMs, calendar)),
    series: [
      { name: 'waiting', values: points.map(({ most }) => most) },
      ...(known.length === points.length ? [{ name: 'usually', values: known }] : []),
    ],
  };
}

/** Slack draws a line from point to point: that there was nothing between two of them can only be said. */
function titleOf(
  samples: readonly HistorySample[],
  { range, calendar }: Pick<Night, 'range' | 'calendar'>,
): string {
  const { gaps } = seenOf(samples, range);
  const [gap] = gaps;
  if (gap === undefined) return 'Jobs waiting through the night';
  return gaps.length === 1
    ? `Jobs waiting, not seen ${gapWords(gap, calendar)}`
    : 'Jobs waiting, where I saw the night';
}
