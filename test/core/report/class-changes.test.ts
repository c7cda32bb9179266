import { expect, test } from 'vitest';
import { plainText } from '../../../src/core/reply/text.ts';
import { classChanges } from '../../../src/core/report/class-changes.ts';
import {
  type ClassFigures,
  classFigures,
  keepMorning,
  morningBefore,
  thawMornings,
} from '../../../src/core/report/class-figures.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_700_000_000_000;

const figures = (over: Partial<ClassFigures> = {}): ClassFigures => ({
  jobClass: 'TaxJob',
  ended: 1000,
  failed: 10,
  ranMs: 1_000_000,
  growsKbPerS: null,
  ...over,
});
const changed = (now: Partial<ClassFigures>, then: Partial<ClassFigures> = {}): readonly string[] =>
  classChanges([figures(now)], { atMs: NOW_MS - DAY_MS, classes: [figures(then)] }, NOW_MS).map(
    ({ tone, text }) => `${tone} ${plainText(text)}`,
  );

test.each<[string, Partial<ClassFigures>, Partial<ClassFigures>, readonly string[]]>([
  ['the same', {}, {}, []],
  [
    'more failures',
    { failed: 120 },
    {},
    ['warning TaxJob: 12 % of its jobs failed, 1 % the morning before.'],
  ],
  ['fewer failures', {}, { failed: 300 }, ['good TaxJob: 1 % of its jobs failed, 30 % the morning before.']],
  ['a little more of little', { failed: 30 }, {}, []],
  ['slower', { ranMs: 4_200_000 }, {}, ['warning TaxJob ran for 4.2 s a job, 1.0 s the morning before.']],
  ['faster', { ranMs: 400_000 }, {}, ['good TaxJob ran for 400 ms a job, 1.0 s the morning before.']],
  ['slower, but quick', { ranMs: 50_000 }, { ranMs: 10_000 }, []],
  ['too few jobs', { ended: 19, failed: 19 }, {}, []],
  [
    'memory that grows now',
    { growsKbPerS: 200 },
    {},
    ['warning Memory grows by 12 MB a minute for each running TaxJob, not clearly the morning before.'],
  ],
  ['memory that grows as before', { growsKbPerS: 200 }, { growsKbPerS: 180 }, []],
])('a class that shows %s', (_, now, then, expected) => {
  expect(changed(now, then)).toEqual(expected);
});

test('a class that is new, or a first morning, is compared with nothing', () => {
  expect(classChanges([figures()], undefined, NOW_MS)).toEqual([]);
  expect(changed({ jobClass: 'NewJob', failed: 500 })).toEqual([]);
});

test('mornings are kept once a day, the oldest forgotten, and what another version wrote counts as none', () => {
  let text: string | undefined;
  for (let day = 0; day < 20; day += 1) {
    const atMs = NOW_MS + day * DAY_MS;
    text = keepMorning(thawMornings(text), [figures({ ended: day })], atMs) ?? text;
    expect(keepMorning(thawMornings(text), [figures()], atMs + 60_000)).toBeUndefined();
  }
  const kept = thawMornings(text);
  expect(kept).toHaveLength(9);
  expect(morningBefore(kept, NOW_MS + 19 * DAY_MS)?.classes[0]?.ended).toBe(18);
  expect(morningBefore(kept, NOW_MS)).toBeUndefined();
  expect(thawMornings('[{"atMs":1}]')).toEqual([]);
});

test('of a Sidekiq without metrics and a bot that has not watched, there are no figures, and none are kept', () => {
  expect(classFigures(undefined, undefined, 0)).toEqual([]);
  expect(keepMorning([], [], NOW_MS)).toBeUndefined();
});
