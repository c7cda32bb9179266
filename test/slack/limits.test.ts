import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutEscaped, cutPlain, type Drawn, faultsOf, LIMITS } from '../../src/slack/limits.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const x = (length: number) => 'x'.repeat(length);
const section = (text: string): Drawn => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object): Drawn => ({
  type: 'actions',
  elements: [{ type: 'button', text: plain('B'), action_id: 'b', ...more }],
});
const table = (rows: number, columns: number, cell = 'c'): Drawn => ({
  type: 'table',
  rows: Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => ({ type: 'raw_text' as const, text: cell })),
  ),
});
const chart = (title: string, categories: readonly string[], names: readonly string[] = ['s']): Drawn => ({
  type: 'data_visualization',
  title,
  chart: {
    type: 'line',
    series: names.map((name) => ({ name, data: categories.map((label) => ({ label, value: 1 })) })),
    axis_config: { categories, x_label: 'x', y_label: 'y' },
  },
});
const some = (count: number, of: (nth: number) => string) =>
  Array.from({ length: count }, (_, nth) => of(nth));

test.each<[string, readonly Drawn[], readonly Drawn[]]>([
  ['blocks', some(50, String).map(section), some(51, String).map(section)],
  ['characters of all', [section(x(3000))], some(5, () => x(3000)).map(section)],
  ['header', [{ type: 'header', text: plain(x(150)) }], [{ type: 'header', text: plain(x(151)) }]],
  ['section', [section(x(3000))], [section(x(3001))]],
  ['empty section', [section('x')], [section(' ')]],
  [
    'fields',
    [{ type: 'section', fields: some(10, String).map(mrkdwn) }],
    [{ type: 'section', fields: some(11, String).map(mrkdwn) }],
  ],
  [
    'field',
    [{ type: 'section', fields: [mrkdwn(x(2000))] }],
    [{ type: 'section', fields: [mrkdwn(x(2001))] }],
  ],
  [
    'context elements',
    [{ type: 'context', elements: some(10, String).map(mrkdwn) }],
    [{ type: 'context', elements: some(11, String).map(mrkdwn) }],
  ],
  ['button text', [button({ text: plain(x(75)) })], [button({ text: plain(x(76)) })]],
  ['button value', [button({ value: x(2000) })], [button({ value: x(2001) })]],
  ['action_id', [button({ action_id: x(255) })], [button({ action_id: x(256) })]],
  ['accessibility label', [button({ accessibility_label: x(75) })], [button({ accessibility_label: x(76) })]],
  ['one table', [table(1, 1)], [table(1, 1), table(1, 1)]],
  ['rows', [table(100, 1)], [table(101, 1)]],
  ['columns', [table(1, 20)], [table(1, 21)]],
  ['characters of cells', [table(10, 1, x(1000))], [table(10, 1, x(1001))]],
  ['empty cell', [table(1, 1, '–')], [table(1, 1, '')]],
  [
    'two charts',
    [chart('t', ['a']), chart('u', ['a'])],
    [chart('t', ['a']), chart('u', ['a']), chart('v', ['a'])],
  ],
  ['title of a chart', [chart(x(50), ['a'])], [chart(x(51), ['a'])]],
  ['label of a chart', [chart('t', [x(20)])], [chart('t', [x(21)])]],
  ['categories', [chart('t', some(20, String))], [chart('t', some(21, String))]],
  ['series', [chart('t', ['a'], some(6, String))], [chart('t', ['a'], some(7, String))]],
])('the limit on %s is kept, and one more is a fault', (_, within, above) => {
  expect(faultsOf(within)).toEqual([]);
  expect(faultsOf(above)).toHaveLength(1);
});

test('text is cut by whole characters, entities, mentions and code spans', () => {
  expect(cutPlain('💥💥💥', 4)).toBe('💥…');
  expect(cutPlain('short', 5)).toBe('short');
  expect(cutEscaped('ab &amp; cd', 8)).toBe('ab…');
  expect(cutEscaped('ab <@U0ANN> cd', 12)).toBe('ab…');
  expect(cutEscaped('`Foo::Bar` and more', 9)).toBe('`Foo::B…`');
});

test('what is cut is never longer than allowed, and what fits is never touched', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 3, max: 60 }),
      (text, max) => {
        for (const cut of [cutPlain, cutEscaped]) {
          expect(cut(text, max).length).toBeLessThanOrEqual(max);
          if (text.length <= max) expect(cut(text, max)).toBe(text);
        }
      },
    ),
  );
});

test('we stay clear of the size at which Slack refuses a message', () => {
  expect(LIMITS.allBlocks).toBeLessThan(13_200);
  expect(LIMITS.text).toBeLessThan(4000);
});
