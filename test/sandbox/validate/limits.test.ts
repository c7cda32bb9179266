import { expect, test } from 'vitest';
import { checkMessageBlocks } from '../../../src/sandbox/validate/message.ts';
import {
  actions,
  bar,
  button,
  cells,
  confirm,
  covering,
  image,
  input,
  list,
  mrkdwn,
  names,
  option,
  options,
  pie,
  plain,
  section,
  x,
} from './samples.ts';

/** Each limit of reference/slack.md, section 8: what just fits is taken, one more is refused at its place. */

type Case = readonly [limit: string, make: (size: number) => readonly object[], max: number, fault: string];

const CASES: readonly Case[] = [
  [
    'blocks of a message',
    (n) => list(n, () => ({ type: 'divider' })),
    50,
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'header text',
    (n) => [{ type: 'header', text: plain(x(n)) }],
    150,
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'section text',
    (n) => [section({ text: mrkdwn(x(n)) })],
    3_000,
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'section fields',
    (n) => [section({ fields: list(n, () => mrkdwn('x')) })],
    10,
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'a section field',
    (n) => [section({ fields: [mrkdwn(x(n))] })],
    2_000,
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'context elements',
    (n) => [{ type: 'context', elements: list(n, () => mrkdwn('x')) }],
    10,
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'actions elements',
    (n) => [actions(...list(n, () => button()))],
    25,
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'button text',
    (n) => [actions(button({ text: plain(x(n)) }))],
    75,
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'button value',
    (n) => [actions(button({ value: x(n) }))],
    2_000,
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'button url',
    (n) => [actions(button({ url: x(n) }))],
    3_000,
    'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
  ],
  [
    'button accessibility_label',
    (n) => [actions(button({ accessibility_label: x(n) }))],
    75,
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/accessibility_label]',
  ],
  [
    'action_id',
    (n) => [actions(button({ action_id: x(n) }))],
    255,
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'block_id',
    (n) => [{ type: 'divider', block_id: x(n) }],
    255,
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'confirm title',
    (n) => [actions(button({ confirm: confirm({ title: plain(x(n)) }) }))],
    100,
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'confirm text',
    (n) => [actions(button({ confirm: confirm({ text: plain(x(n)) }) }))],
    300,
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'confirm button',
    (n) => [actions(button({ confirm: confirm({ confirm: plain(x(n)) }) }))],
    30,
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
  ],
  [
    'confirm deny button',
    (n) => [actions(button({ confirm: confirm({ deny: plain(x(n)) }) }))],
    30,
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]',
  ],
  [
    'option text',
    (n) => [actions({ type: 'static_select', options: [option({ text: plain(x(n)) })] })],
    75,
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'option description',
    (n) => [actions({ type: 'static_select', options: [option({ description: plain(x(n)) })] })],
    75,
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]',
  ],
  [
    'option value',
    (n) => [actions({ type: 'static_select', options: [option({ value: x(n) })] })],
    150,
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    'overflow options',
    (n) => [actions({ type: 'overflow', options: options(n) })],
    5,
    'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'checkbox options',
    (n) => [actions({ type: 'checkboxes', options: options(n) })],
    10,
    'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'radio options',
    (n) => [actions({ type: 'radio_buttons', options: options(n) })],
    10,
    'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'select options',
    (n) => [actions({ type: 'static_select', options: options(n) })],
    100,
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'plain_text_input initial value',
    (n) => [input({ type: 'plain_text_input', initial_value: x(n) })],
    3_000,
    'must be less than 3001 characters [json-pointer:/blocks/0/element/initial_value]',
  ],
  [
    'plain_text_input max_length',
    (n) => [input({ type: 'plain_text_input', max_length: n })],
    3_000,
    'must be at most 3000 [json-pointer:/blocks/0/element/max_length]',
  ],
  [
    'image url',
    (n) => [image({ image_url: x(n) })],
    3_000,
    'must be less than 3001 characters [json-pointer:/blocks/0/image_url]',
  ],
  [
    'image alt_text',
    (n) => [image({ alt_text: x(n) })],
    2_000,
    'must be less than 2001 characters [json-pointer:/blocks/0/alt_text]',
  ],
  [
    'image title',
    (n) => [image({ title: plain(x(n)) })],
    2_000,
    'must be less than 2001 characters [json-pointer:/blocks/0/title/text]',
  ],
  [
    'markdown blocks together',
    (n) => [
      { type: 'markdown', text: x(6_000) },
      { type: 'markdown', text: x(n - 6_000) },
    ],
    12_000,
    'markdown blocks must be less than 12001 characters together [json-pointer:/blocks]',
  ],
  [
    'tables of a message',
    (n) => list(n, () => ({ type: 'table', rows: cells(1, 1) })),
    1,
    'only_one_table_allowed [json-pointer:/blocks]',
  ],
  [
    'table rows',
    (n) => [{ type: 'table', rows: cells(n, 1) }],
    100,
    'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
  ],
  [
    'table columns',
    (n) => [{ type: 'table', rows: cells(1, n) }],
    20,
    'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
  ],
  [
    'characters in all cells of a table',
    (n) => [{ type: 'table', rows: [...cells(1, 2, x(4_000)), ...cells(1, 2, x(n / 2 - 4_000))] }],
    10_000,
    'must be less than 10001 characters in all cells [json-pointer:/blocks/0/rows]',
  ],
  [
    'data_table rows',
    (n) => [{ type: 'data_table', caption: 'C', rows: cells(n, 1) }],
    101,
    'no more than 101 items allowed [json-pointer:/blocks/0/rows]',
  ],
  [
    'container children',
    (n) => [{ type: 'container', title: plain('T'), child_blocks: list(n, () => ({ type: 'divider' })) }],
    10,
    'no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]',
  ],
  [
    'charts of a message',
    (n) => list(n, () => pie([{ label: 'a', value: 1 }])),
    2,
    'no more than 2 data_visualization blocks allowed [json-pointer:/blocks]',
  ],
  [
    'chart title',
    (n) => [{ ...pie([{ label: 'a', value: 1 }]), title: x(n) }],
    50,
    'must be less than 51 characters [json-pointer:/blocks/0/title]',
  ],
  [
    'pie segments',
    (n) => [pie(list(n, (index) => ({ label: `s${index}`, value: 1 })))],
    6,
    'no more than 6 items allowed [json-pointer:/blocks/0/chart/segments]',
  ],
  [
    'pie label',
    (n) => [pie([{ label: x(n), value: 1 }])],
    20,
    'must be less than 21 characters [json-pointer:/blocks/0/chart/segments/0/label]',
  ],
  [
    'chart series',
    (n) => [
      bar(
        list(n, (index) => ({ name: `s${index}`, data: covering(['a']) })),
        ['a'],
      ),
    ],
    6,
    'no more than 6 items allowed [json-pointer:/blocks/0/chart/series]',
  ],
  [
    'chart categories',
    (n) => [bar([{ name: 's', data: covering(names(n)) }], names(n))],
    20,
    'no more than 20 items allowed [json-pointer:/blocks/0/chart/axis_config/categories]',
  ],
];

test.each(CASES)('%s: what just fits is taken and one more is refused', (limit, make, max, fault) => {
  expect(checkMessageBlocks(make(max))).toMatchObject({ ok: true });
  // Two more where the size is spread over two cells.
  const over = checkMessageBlocks(make(limit.startsWith('characters in') ? max + 2 : max + 1));
  expect(over).toMatchObject({ ok: false, refusal: { error: 'invalid_blocks' } });
  expect(over.ok ? [] : over.refusal.messages).toContain(`[ERROR] ${fault}`);
});
