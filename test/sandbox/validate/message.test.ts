import { expect, test } from 'vitest';
import { checkMessageBlocks } from '../../../src/sandbox/validate/message.ts';
import {
  actions,
  bar,
  button,
  cells,
  confirm,
  covering,
  input,
  list,
  mrkdwn,
  options,
  pie,
  plain,
  section,
  x,
} from './samples.ts';

test('characters are counted, not UTF-16 units', () => {
  const header = (text: string) => [{ type: 'header', text: plain(text) }];
  expect(checkMessageBlocks(header('🧪'.repeat(150)))).toMatchObject({ ok: true });
  expect(checkMessageBlocks(header('🧪'.repeat(151)))).toMatchObject({ ok: false });
});

test('all blocks of one message together have a limit of their own', () => {
  const sections = (count: number) => list(count, () => section({ text: mrkdwn(x(2_500)) }));
  expect(checkMessageBlocks(sections(5))).toMatchObject({ ok: true });
  expect(checkMessageBlocks(sections(6))).toEqual({ ok: false, refusal: { error: 'msg_blocks_too_long' } });
});

test.each([
  ['an unknown type', [{ type: 'toast' }], 'unsupported type: toast [json-pointer:/blocks/0/type]'],
  [
    'an unknown element',
    [actions({ type: 'lever' })],
    'unsupported type: lever [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    'an input element among buttons',
    [actions({ type: 'plain_text_input' })],
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    'an alert, which is for modals',
    [{ type: 'alert', text: plain('x') }],
    'unsupported type: alert [json-pointer:/blocks/0/type]',
  ],
  [
    'a field that does not exist',
    [{ type: 'divider', colour: 'red' }],
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  ['a missing field', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0]'],
  ['a section of nothing', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
  [
    'empty text',
    [section({ text: mrkdwn('') })],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'markdown in a header',
    [{ type: 'header', text: mrkdwn('*x*') }],
    'must be one of: plain_text [json-pointer:/blocks/0/text/type]',
  ],
  [
    'a picture from nowhere',
    [{ type: 'image', alt_text: 'a' }],
    'missing required field: image_url [json-pointer:/blocks/0]',
  ],
  ['no elements', [actions()], 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
  [
    'a wrong style',
    [actions(button({ style: 'warning' }))],
    'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'two blocks of one name',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    'block_id "a" already exists [json-pointer:/blocks]',
  ],
  [
    'two elements of one name',
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    'action_id "a" already exists for another element [json-pointer:/blocks]',
  ],
  [
    'a select without a list',
    [actions({ type: 'static_select' })],
    'must define either options or option_groups [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a pie with an empty segment',
    [pie([{ label: 'a', value: 0 }])],
    'must be more than 0 [json-pointer:/blocks/0/chart/segments/0/value]',
  ],
  [
    'a series that misses a category',
    [bar([{ name: 's', data: covering(['a']) }], ['a', 'b'])],
    'must have one value for every category [json-pointer:/blocks/0/chart/series/0/data]',
  ],
  [
    'a data_table without caption',
    [{ type: 'data_table', rows: cells(2, 1) }],
    'missing required field: caption [json-pointer:/blocks/0]',
  ],
  [
    'a cell of no character in a table',
    [{ type: 'table', rows: cells(1, 1, '') }],
    'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]',
  ],
  [
    'rows of different length',
    [{ type: 'table', rows: [...cells(1, 2), ...cells(1, 3)] }],
    'every row must have as many cells [json-pointer:/blocks/0/rows]',
  ],
])('%s is refused at its place', (_what, blocks, fault) => {
  const checked = checkMessageBlocks(blocks);
  expect(checked.ok ? [] : checked.refusal.messages).toContain(`[ERROR] ${fault}`);
});

test('what is no list of blocks is refused as a whole', () => {
  expect(checkMessageBlocks('[')).toEqual({ ok: false, refusal: { error: 'invalid_blocks_format' } });
  expect(checkMessageBlocks({ type: 'divider' })).toMatchObject({ ok: false });
  expect(checkMessageBlocks([7])).toMatchObject({ ok: false, refusal: { error: 'invalid_blocks' } });
});

test('a message such as the app sends is taken whole', () => {
  const richText = {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'one', style: { bold: true } }] },
        ],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'two' }] },
    ],
  };
  const table = {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { align: 'right' }],
    rows: [[richText, { type: 'raw_number', value: 3, text: '3' }]],
  };
  const container = {
    type: 'container',
    title: plain('More'),
    is_collapsible: true,
    child_blocks: [section({})],
  };
  const blocks = [
    section({ accessory: { type: 'overflow', options: options(2) } }),
    richText,
    table,
    container,
    bar([{ name: 'waiting', data: covering(['21:00', '22:00']) }], ['21:00', '22:00']),
    { type: 'task_card', task_id: 't', title: 'Rescue', status: 'in_progress' },
    input({ type: 'number_input', is_decimal_allowed: false }, { optional: true }),
    actions(button({ style: 'danger', confirm: confirm({}) }), { type: 'users_select' }),
  ];
  expect(checkMessageBlocks(blocks)).toEqual({ ok: true, blocks });
});
