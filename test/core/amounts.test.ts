import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, counted, duration, exact, nth, percent, perMinute, short } from '../../src/core/amounts.ts';

test.each([
  [0, '0'],
  [9999, '9,999'],
  [10_000, '10 k'],
  [312_400, '312 k'],
  [999_499, '999 k'],
  [999_500, '1 M'],
  [1_240_000, '1.2 M'],
  [5_100_000_000, '5.1 G'],
])('%d is short %s', (count, words) => {
  expect(short(count)).toBe(words);
});

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [12, '12th'],
  [21, '21st'],
  [1_003, '1,003rd'],
])('%d is the %s', (count, words) => {
  expect(nth(count)).toBe(words);
});

test.each([
  [0, 'under 1 s'],
  [-5, 'under 1 s'],
  [1400, '1 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [59.6 * 60_000, '1 h'],
  [125 * 60_000, '2 h 5 min'],
  [23.999 * 3_600_000, '1 d'],
  [76 * 3_600_000, '3 d 4 h'],
  [40 * 86_400_000, '40 d'],
])('%d ms last %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [0, '0 B'],
  [1023, '1 kB'],
  [512 * 2 ** 20, '512 MB'],
  [1.41 * 2 ** 30, '1.4 GB'],
  [24 * 2 ** 30, '24 GB'],
])('%d bytes are %s', (size, words) => {
  expect(bytes(size)).toBe(words);
});

test('a share never rounds something to nothing nor a part to the whole', () => {
  expect([percent(1, 1000), percent(999, 1000), percent(37, 100), percent(0, 0), percent(5, 5)]).toEqual([
    '<1 %',
    '>99 %',
    '37 %',
    '0 %',
    '100 %',
  ]);
});

test('a slow rate is told by the hour', () => {
  expect([perMinute(1200), perMinute(0.2), perMinute(0.001)]).toEqual([
    '1,200 a minute',
    '12 an hour',
    'under one an hour',
  ]);
});

test('one of a thing is singular', () => {
  expect([counted(1, 'job'), counted(4210, 'job'), counted(2, 'process', 'processes')]).toEqual([
    '1 job',
    '4,210 jobs',
    '2 processes',
  ]);
});

test('no number is ever said to be NaN or Infinity', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (a, b) => {
      const words = [
        exact(a),
        short(a),
        counted(a, 'job'),
        duration(a),
        bytes(a),
        perMinute(a),
        percent(a, b),
      ];
      expect(words.join(' ')).not.toMatch(/NaN|Infinity|∞|undefined/);
    }),
  );
});
