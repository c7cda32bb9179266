import type { Chart, Segment } from './read.ts';
import { shortNumber, ticksFor } from './scale.ts';

/** Where things stand in a drawing of a given width: numbers only, no elements. */
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };
type Mark = { readonly series: number; readonly category: number; readonly value: number };

export type Plot = {
  readonly width: number;
  readonly height: number;
  readonly frame: Box;
  readonly zeroY: number;
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  readonly labels: readonly { readonly x: number; readonly text: string }[];
  readonly isTilted: boolean;
  readonly bars: readonly (Box & Mark)[];
  readonly lines: readonly (readonly (Point & Mark)[])[];
};

/** About the width of one character at the size of an axis label; labels need no more precision than this. */
const CHARACTER = 6.4;
const PLOT_HEIGHT = 176;
const MAX_BAR = 44;
const MAX_LABEL = 20;

export function plotOf(chart: Exclude<Chart, { kind: 'pie' }>, width: number): Plot {
  const ticks = ticksFor(chart.series.flatMap(({ values }) => values));
  const lowest = ticks[0] ?? 0;
  const highest = ticks.at(-1) ?? 1;
  const left = 14 + CHARACTER * Math.max(...ticks.map((tick) => shortNumber(tick).length));
  const inner = Math.max(40, width - left - 8);
  const band = inner / chart.categories.length;
  const words = chart.categories.map((text) => cut(text, MAX_LABEL));
  const longest = Math.max(...words.map((text) => text.length)) * CHARACTER;
  const stride = chart.kind === 'bar' ? 1 : Math.max(1, Math.ceil(Math.min(longest, 60) / band));
  const isTilted = longest + 6 > band * stride;
  const foot = isTilted ? 16 + longest * 0.5 : 24;
  const frame = { x: left, y: 10, width: inner, height: PLOT_HEIGHT };
  const yOf = (value: number): number => frame.y + frame.height * (1 - (value - lowest) / (highest - lowest));
  const xOf = (category: number): number => frame.x + band * (category + 0.5);
  return {
    width,
    height: frame.y + frame.height + foot,
    frame,
    zeroY: yOf(0),
    ticks: ticks.map((tick) => ({ y: yOf(tick), label: shortNumber(tick) })),
    labels: words
      .map((text, category) => ({
        x: xOf(category),
        // A tilted label runs to the left: the first ones have less room than the others.
        text: isTilted ? cut(text, Math.max(4, Math.floor(xOf(category) / (CHARACTER * 0.87)))) : text,
      }))
      .filter((_, category) => category % stride === 0),
    isTilted,
    bars: chart.kind === 'bar' ? barsOf(chart, band, frame.x, yOf) : [],
    lines:
      chart.kind === 'bar'
        ? []
        : chart.series.map(({ values }, series) =>
            values.map((value, category) => ({ x: xOf(category), y: yOf(value), series, category, value })),
          ),
  };
}

/** The bars of one category stand side by side in the middle of its band. */
function barsOf(
  chart: Exclude<Chart, { kind: 'pie' }>,
  band: number,
  left: number,
  yOf: (value: number) => number,
): Plot['bars'] {
  const width = Math.min(MAX_BAR, (band * 0.72) / chart.series.length);
  const group = width * chart.series.length;
  return chart.series.flatMap(({ values }, series) =>
    values.map((value, category) => ({
      x: left + band * category + (band - group) / 2 + width * series + 1,
      y: Math.min(yOf(value), yOf(0)),
      width: Math.max(1, width - 2),
      // A value that is there but tiny is still seen.
      height: Math.max(value === 0 ? 0 : 1.5, Math.abs(yOf(value) - yOf(0))),
      series,
      category,
      value,
    })),
  );
}

function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

type Slice = Segment & { readonly path: string; readonly share: number };

/** The slices of a ring, clockwise from the top, as SVG paths around (`radius`, `radius`). */
export function slicesOf(segments: readonly Segment[], radius: number, hole: number): readonly Slice[] {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  return segments.map((segment) => {
    const share = segment.value / total;
    const from = turned;
    turned += share;
    // A full circle has no beginning and no end that an arc could run between.
    return { ...segment, share, path: ring(radius, hole, from, Math.min(from + share, from + 0.99999)) };
  });
}

function ring(radius: number, hole: number, from: number, to: number): string {
  const at = (share: number, distance: number): string => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${fixed(radius + distance * Math.cos(angle))} ${fixed(radius + distance * Math.sin(angle))}`;
  };
  const isLarge = to - from > 0.5 ? 1 : 0;
  return [
    `M${at(from, radius)}`,
    `A${radius} ${radius} 0 ${isLarge} 1 ${at(to, radius)}`,
    `L${at(to, hole)}`,
    `A${hole} ${hole} 0 ${isLarge} 0 ${at(from, hole)}Z`,
  ].join('');
}

const fixed = (value: number): string => value.toFixed(2);
