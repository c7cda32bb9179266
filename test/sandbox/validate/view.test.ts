import { expect, test } from 'vitest';
import { checkView } from '../../../src/sandbox/validate/view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const x = (length: number) => 'x'.repeat(length);
const divider = { type: 'divider' };
const modal = (more: object = {}) => ({ type: 'modal', title: plain('T'), blocks: [divider], ...more });
const asking = { type: 'input', label: plain('Why?'), element: { type: 'plain_text_input' } };

test.each([
  ['title', (n: number) => modal({ title: plain(x(n)) }), 24, '/view/title/text'],
  ['submit', (n: number) => modal({ submit: plain(x(n)) }), 24, '/view/submit/text'],
  ['close', (n: number) => modal({ close: plain(x(n)) }), 24, '/view/close/text'],
  ['callback_id', (n: number) => modal({ callback_id: x(n) }), 255, '/view/callback_id'],
  ['private_metadata', (n: number) => modal({ private_metadata: x(n) }), 3_000, '/view/private_metadata'],
])('%s of a modal: what just fits is taken and one more is refused', (_limit, make, max, pointer) => {
  expect(checkView(make(max), 'modal')).toMatchObject({ ok: true });
  expect(checkView(make(max + 1), 'modal')).toEqual({
    ok: false,
    refusal: {
      error: 'invalid_arguments',
      messages: [`[ERROR] must be less than ${max + 1} characters [json-pointer:${pointer}]`],
    },
  });
});

test.each(['modal', 'home'] as const)('a %s holds a hundred blocks', (type) => {
  const view = (count: number) => {
    const blocks = Array.from({ length: count }, () => divider);
    return type === 'modal' ? modal({ blocks }) : { type, blocks };
  };
  expect(checkView(view(100), type)).toMatchObject({ ok: true });
  expect(checkView(view(101), type)).toMatchObject({ ok: false, refusal: { error: 'invalid_arguments' } });
});

test('a view of more than 250 kB is too large', () => {
  const section = { type: 'section', fields: Array.from({ length: 10 }, () => plain('€'.repeat(900))) };
  const blocks = (count: number) => Array.from({ length: count }, () => section);
  expect(checkView({ type: 'home', blocks: blocks(8) }, 'home')).toMatchObject({ ok: true });
  expect(checkView({ type: 'home', blocks: blocks(10) }, 'home')).toEqual({
    ok: false,
    refusal: { error: 'view_too_large' },
  });
});

test.each([
  ['no object at all', 'x', '[ERROR] must be a valid JSON object [json-pointer:/view]'],
  [
    'no title',
    { type: 'modal', blocks: [divider] },
    '[ERROR] missing required field: title [json-pointer:/view]',
  ],
  [
    'the wrong kind of view',
    { type: 'home', blocks: [] },
    '[ERROR] must be one of: modal [json-pointer:/view/type]',
  ],
  [
    'inputs but no submit',
    modal({ blocks: [asking] }),
    '[ERROR] missing required field: submit [json-pointer:/view]',
  ],
  [
    'a table, which is for messages',
    modal({ blocks: [{ type: 'table', rows: [] }] }),
    '[ERROR] unsupported type: table [json-pointer:/view/blocks/0/type]',
  ],
  [
    'a block too long',
    modal({ blocks: [{ type: 'header', text: plain(x(151)) }] }),
    '[ERROR] must be less than 151 characters [json-pointer:/view/blocks/0/text/text]',
  ],
])('a modal with %s is refused', (_what, view, fault) => {
  const checked = checkView(view, 'modal');
  expect(checked.ok ? [] : checked.refusal.messages).toContain(fault);
});

test('an alert may stand in a modal and not in Home', () => {
  const alert = { type: 'alert', text: plain('This cannot be undone'), level: 'warning' };
  expect(checkView(modal({ blocks: [alert] }), 'modal')).toMatchObject({ ok: true });
  expect(checkView({ type: 'home', blocks: [alert] }, 'home')).toMatchObject({ ok: false });
});
