import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plotOf, slicesOf } from '../../../../src/sandbox/page/chart/geometry.ts';
import { readChart } from '../../../../src/sandbox/page/chart/read.ts';
import { shortNumber, ticksFor } from '../../../../src/sandbox/page/chart/scale.ts';
import { recordOf } from '../../../../src/sandbox/page/reading.ts';

const bars = {
  kind: 'bar',
  categories: ['a', 'b'],
  series: [
    { name: 'one', values: [10, 20] },
    { name: 'two', values: [0, 5] },
  ],
  xLabel: '',
  yLabel: '',
} as const;

test('the ticks of an axis are round, rise and hold zero and every value', () => {
  expect(ticksFor([298_400])).toEqual([0, 100_000, 200_000, 300_000]);
  expect(ticksFor([0.3])).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticksFor([-5, 12])).toEqual([-5, 0, 5, 10, 15]);
  expect(ticksFor([])).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true })), (values) => {
      const ticks = ticksFor(values);
      expect(ticks).toEqual(ticks.toSorted((one, other) => one - other));
      expect(ticks.length).toBeLessThan(12);
      const slack = 1e-9 * Math.max(1e-300, ...values.map(Math.abs));
      for (const value of [0, ...values]) {
        expect(value).toBeGreaterThanOrEqual((ticks[0] ?? 0) - slack);
        expect(value).toBeLessThanOrEqual((ticks.at(-1) ?? 0) + slack);
      }
    }),
  );
});

test('an axis says large numbers briefly', () => {
  expect([0, 950, 312_480, 2_000_000].map(shortNumber)).toEqual(['0', '950', '312.5K', '2M']);
});

test('bars stand on zero, inside the frame, as high as their values', () => {
  const plot = plotOf(bars, 500);
  const [a, , ofTwo] = plot.bars;
  expect(plot.bars).toHaveLength(4);
  expect(plot.bars[1]?.height).toBeCloseTo(2 * (a?.height ?? 0));
  expect(ofTwo?.height).toBe(0);
  for (const bar of plot.bars) {
    expect(bar.y + bar.height).toBeCloseTo(plot.zeroY);
    expect(bar.x).toBeGreaterThanOrEqual(plot.frame.x);
    expect(bar.x + bar.width).toBeLessThanOrEqual(plot.frame.x + plot.frame.width);
  }
});

test('labels that find no room are tilted, and shortened where the drawing ends', () => {
  const long = { ...bars, categories: ['Recurring::DisasterJob', 'Recurring::MiracleJob'] };
  const [narrow, wide] = [plotOf(long, 200), plotOf(long, 900)];
  expect([narrow.isTilted, wide.isTilted]).toEqual([true, false]);
  expect(narrow.labels[0]?.text.length).toBeLessThan(wide.labels[0]?.text.length ?? 0);
});

test('a line passes through one point for each category', () => {
  const plot = plotOf({ ...bars, kind: 'line' }, 500);
  expect(plot.lines.map((line) => line.map(({ value }) => value))).toEqual([
    [10, 20],
    [0, 5],
  ]);
  expect(plot.lines[0]?.[1]?.y).toBeCloseTo(plot.frame.y);
});

test('slices share the circle by their values', () => {
  const slices = slicesOf(
    [
      { label: 'a', value: 3 },
      { label: 'b', value: 1 },
    ],
    10,
    5,
  );
  expect(slices.map(({ share }) => share)).toEqual([0.75, 0.25]);
  expect(slices[0]?.path.startsWith('M10.00 0.00')).toBe(true);
});

test('a chart is read with its series in the order of the categories', () => {
  const read = readChart({
    chart: {
      type: 'bar',
      series: [
        {
          name: 'jobs',
          data: [
            { label: 'b', value: 2 },
            { label: 'a', value: 1 },
          ],
        },
      ],
      axis_config: { categories: ['a', 'b', 'c'], y_label: 'Jobs' },
    },
  });
  expect(read).toMatchObject({ categories: ['a', 'b', 'c'], series: [{ name: 'jobs', values: [1, 2, 0] }] });
});

test('a chart without numbers, or of an unknown kind, is no chart', () => {
  expect(readChart({ chart: { type: 'pie', segments: [{ label: 'a', value: 0 }] } })).toBeUndefined();
  expect(readChart({ chart: { type: 'radar' } })).toBeUndefined();
  fc.assert(fc.property(fc.jsonValue(), (value) => void readChart(recordOf(value))));
});
