import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { clientOf, startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';

const CHANNEL = 'C0PAYROLL';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const button = (label: string, action_id: string) => ({
  type: 'button' as const,
  text: plain(label),
  action_id,
  value: 'p1',
});
const options = ['critical', 'default'].map((value) => ({ text: plain(value), value }));

/** A sandbox with an app that hears every press and a message of the app to press on. */
async function proposal(elements: object[], clock?: ManualClock) {
  const sandbox = await startSandbox(clock === undefined ? {} : { clock });
  const heard: Record<string, unknown>[] = [];
  const app = await startApp(sandbox, (bolt) => {
    bolt.action(/.*/, async ({ ack, body }) => {
      heard.push({ ...body });
      if (!JSON.stringify(body).includes('silent')) await ack();
    });
  });
  const client = clientOf(sandbox);
  const blocks = [{ type: 'actions' as const, block_id: 'b1', elements: elements as never[] }];
  const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'Proposal', blocks });
  const message = await sandbox.people.waitForMessage('U0ANN', (one) => one.ts === ts);
  return {
    sandbox,
    people: sandbox.people,
    client,
    heard,
    message,
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

test('a press on a message tells who pressed, what, where, and the message as it stands', async () => {
  await using made = await proposal([button('Approve', 'approve')]);
  expect(await made.people.pressButton('U0BEN', made.message, 'Approve')).toEqual({ ok: true });
  expect(made.heard).toMatchObject([
    {
      type: 'block_actions',
      user: { id: 'U0BEN', team_id: 'T0ACME' },
      team: { id: 'T0ACME', domain: 'acme-payroll' },
      channel: { id: CHANNEL, name: 'payroll-incidents' },
      container: { type: 'message', message_ts: made.message.ts, is_ephemeral: false },
      message: { ts: made.message.ts, text: 'Proposal', bot_id: 'B0POISON' },
      actions: [
        { type: 'button', action_id: 'approve', block_id: 'b1', value: 'p1', text: { text: 'Approve' } },
      ],
      enterprise: null,
      is_enterprise_install: false,
    },
  ]);
  expect(String(made.heard[0]?.['response_url'])).toContain('/response/');
});

test('an outsider in a shared channel presses from their own workspace', async () => {
  await using made = await proposal([button('Approve', 'approve')]);
  const blocks = [{ type: 'actions' as const, elements: [button('Approve', 'approve')] }];
  await made.client.chat.postMessage({ channel: 'C0VENDOR', text: 'Shared', blocks });
  const shared = await made.people.waitForMessage('U0OLGA', ({ text }) => text === 'Shared');
  await made.people.pressButton('U0OLGA', shared, 'Approve');
  expect(made.heard).toMatchObject([
    { user: { id: 'U0OLGA', team_id: 'T0VENDOR' }, team: { id: 'T0VENDOR' } },
  ]);
});

test('only what stands there now can be pressed', async () => {
  await using made = await proposal([button('Approve', 'approve')]);
  await made.client.chat.update({ channel: CHANNEL, ts: made.message.ts, text: 'Approved', blocks: [] });
  expect(await made.people.pressButton('U0BEN', made.message, 'Approve')).toEqual({
    ok: false,
    problem: 'That button is not there any more.',
  });
  expect(made.heard).toEqual([]);
});

test('nobody can press what they do not see', async () => {
  await using made = await proposal([button('Approve', 'approve')]);
  const press = (as: string) => made.people.pressButton(as, made.message, 'Approve');
  expect(await press('U0OLGA')).toEqual({ ok: false, problem: 'Olga cannot see that message.' });
  expect(await press('U0NOBODY')).toMatchObject({ ok: false });
  const blocks = [{ type: 'actions' as const, elements: [button('Mine', 'mine')] }];
  await made.client.chat.postEphemeral({ channel: CHANNEL, user: 'U0ANN', text: 'for Ann', blocks });
  const mine = await made.people.waitForMessage('U0ANN', ({ text }) => text === 'for Ann');
  expect(await made.people.pressButton('U0BEN', mine, 'Mine')).toMatchObject({ ok: false });
  expect(await made.people.pressButton('U0ANN', mine, 'Mine')).toEqual({ ok: true });
});

test.each([
  [{ type: 'static_select', options }, ['default'], { selected_option: { value: 'default' } }],
  [
    { type: 'static_select', option_groups: [{ label: plain('G'), options }] },
    ['default'],
    { selected_option: { value: 'default' } },
  ],
  [{ type: 'radio_buttons', options }, ['critical'], { selected_option: { value: 'critical' } }],
  [{ type: 'overflow', options }, ['critical'], { selected_option: { text: { text: 'critical' } } }],
  [
    { type: 'checkboxes', options },
    ['critical', 'default'],
    { selected_options: [{ value: 'critical' }, { value: 'default' }] },
  ],
  [{ type: 'checkboxes', options }, [], { selected_options: [] }],
  [{ type: 'multi_static_select', options }, ['default'], { selected_options: [{ value: 'default' }] }],
  [{ type: 'external_select' }, ['anything'], { selected_option: { value: 'anything' } }],
  [{ type: 'users_select' }, ['U0BEN'], { selected_user: 'U0BEN' }],
  [{ type: 'multi_users_select' }, ['U0BEN', 'U0CLEO'], { selected_users: ['U0BEN', 'U0CLEO'] }],
  [{ type: 'conversations_select' }, ['C0AUDIT'], { selected_conversation: 'C0AUDIT' }],
  [{ type: 'channels_select' }, ['C0AUDIT'], { selected_channel: 'C0AUDIT' }],
  [{ type: 'datepicker' }, ['2026-11-23'], { selected_date: '2026-11-23' }],
  [{ type: 'timepicker' }, ['09:00'], { selected_time: '09:00' }],
  [{ type: 'datetimepicker' }, ['1792000000'], { selected_date_time: 1_792_000_000 }],
])('a choice in $type is told as Slack tells it', async (element, chosen, told) => {
  await using made = await proposal([{ ...element, action_id: 'choose' }]);
  const where = { channel: CHANNEL, ts: made.message.ts, blockId: 'b1', actionId: 'choose' };
  expect(await made.people.press({ as: 'U0ANN', ...where, chosen })).toEqual({ ok: true });
  expect(made.heard).toMatchObject([{ actions: [{ type: element.type, action_id: 'choose', ...told }] }]);
});

test('what is not among the options cannot be chosen', async () => {
  await using made = await proposal([{ type: 'static_select', options, action_id: 'choose' }]);
  const where = { channel: CHANNEL, ts: made.message.ts, blockId: 'b1', actionId: 'choose' };
  expect(await made.people.press({ as: 'U0ANN', ...where, chosen: ['night'] })).toEqual({
    ok: false,
    problem: '"night" is not among the options.',
  });
});

test('what stands in the other elements of the message comes along', async () => {
  await using made = await proposal([
    { type: 'static_select', options, action_id: 'queue', initial_option: options[0] },
    button('Go', 'go'),
  ]);
  await made.people.pressButton('U0ANN', made.message, 'Go');
  await made.people.pressButton('U0ANN', made.message, 'Go', { b1: { queue: 'default' } });
  expect(made.heard.map((body) => JSON.stringify(body['state']))).toEqual([
    expect.stringContaining('"value":"critical"'),
    expect.stringContaining('"value":"default"'),
  ]);
});

test('a press that the app leaves unanswered is told to the person who pressed', async () => {
  const clock = new ManualClock();
  await using made = await proposal([button('Approve', 'silent')], clock);
  const pressed = made.people.pressButton('U0BEN', made.message, 'Approve');
  clock.advance(3_000);
  expect(await pressed).toEqual({ ok: true });
  const [error] = made.people.messagesSeenBy('U0BEN', CHANNEL).filter(({ kind }) => kind === 'error');
  expect(error?.text).toBe(
    '"Approve" failed with the error "operation_timeout": the app did not answer within 3 seconds.',
  );
  expect(made.people.messagesSeenBy('U0ANN', CHANNEL).filter(({ kind }) => kind === 'error')).toEqual([]);
});
