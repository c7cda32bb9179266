import { short } from '../core/amounts.ts';
import type { Chart } from '../core/reply/reply.ts';
import { cleaned } from './clean.ts';
import { padEnd, widthOf } from './columns.ts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A line of bars for each series, with its range: enough to see the night's shape. */
export function chartLines({ title, categories, series }: Chart, width: number): readonly string[] {
  const names = series.map(({ name }) => cleaned(name));
  const nameWidth = names.reduce((widest, name) => Math.max(widest, widthOf(name)), 0);
  const lines = series.map(({ values }, index) => {
    const range = values.length === 0 ? 'no values' : `${short(least(values))} to ${short(most(values))}`;
    const room = Math.max(1, width - nameWidth - widthOf(range) - 4);
    return `${padEnd(names[index] ?? '', nameWidth)}  ${bars(values, room)}  ${range}`;
  });
  const [from, to] = [categories.at(0), categories.at(-1)];
  const span = from === undefined || to === undefined ? '' : ` (${cleaned(from)} to ${cleaned(to)})`;
  return [`${cleaned(title)}${span}`, ...lines];
}

/** More values than room: each bar shows the highest of its share, since peaks are what one looks for. */
function bars(values: readonly number[], room: number): string {
  const highest = most(values);
  const perBar = Math.max(1, Math.ceil(values.length / room));
  let line = '';
  for (let start = 0; start < values.length; start += perBar) {
    const value = most(values.slice(start, start + perBar));
    const height = highest <= 0 ? 0 : Math.round((Math.max(0, value) / highest) * (BARS.length - 1));
    line += BARS[height] ?? '';
  }
  return line;
}

const most = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const least = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
