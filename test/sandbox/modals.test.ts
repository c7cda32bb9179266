import type { ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { clientOf, startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';

const CHANNEL = 'C0PAYROLL';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'purge',
  private_metadata: CHANNEL,
  title: plain(title),
  submit: plain('Go'),
  close: plain('Back'),
  blocks: [
    {
      type: 'input',
      block_id: 'class',
      label: plain('Job class'),
      element: { type: 'plain_text_input', action_id: 'name', min_length: 3 },
    },
    {
      type: 'input',
      block_id: 'queues',
      optional: true,
      label: plain('Queues'),
      element: {
        type: 'multi_static_select',
        action_id: 'chosen',
        options: ['critical', 'default'].map((value) => ({ text: plain(value), value })),
      },
    },
  ],
  ...more,
});

type Answer = Parameters<import('@slack/bolt').AckFn<import('@slack/bolt').ViewResponseAction>>[0];

/** An app that opens a modal on /sidekiq and answers its submission as the test says. */
function appWith(
  sandbox: Sandbox,
  answer: (body: ViewSubmitAction) => Answer | undefined,
  first = modal('Purge'),
) {
  return startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, client, body }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: first });
    });
    app.view<ViewSubmitAction>({ callback_id: 'purge', type: 'view_submission' }, async ({ ack, body }) => {
      const action = answer(body);
      await (action === undefined ? ack() : ack(action as never));
    });
  });
}

async function openModal(sandbox: Sandbox) {
  await sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq purge' });
  return sandbox.people.waitFor(() => sandbox.people.modalsOf('U0ANN').at(-1));
}

const filled = { class: { name: 'DisasterJob' }, queues: { chosen: ['critical'] } };

test('a modal is opened for the person who asked, and its submission carries what was filled in', async () => {
  await using sandbox = await startSandbox();
  const bodies: ViewSubmitAction[] = [];
  await using _app = await appWith(sandbox, (body) => {
    bodies.push(body);
    return undefined;
  });
  const view = await openModal(sandbox);
  expect(view).toMatchObject({ type: 'modal', title: 'Purge', submit: 'Go', close: 'Back' });
  expect(sandbox.people.modalsOf('U0BEN')).toEqual([]);
  expect(await sandbox.people.submit({ as: 'U0ANN', viewId: view.id, values: filled })).toEqual({ ok: true });
  expect(sandbox.people.modalsOf('U0ANN')).toEqual([]);
  expect(bodies[0]).toMatchObject({
    type: 'view_submission',
    user: { id: 'U0ANN', team_id: 'T0ACME' },
    response_urls: [],
    view: {
      id: view.id,
      callback_id: 'purge',
      private_metadata: CHANNEL,
      root_view_id: view.id,
      previous_view_id: null,
      app_id: 'A0POISON',
      state: {
        values: {
          class: { name: { type: 'plain_text_input', value: 'DisasterJob' } },
          queues: { chosen: { type: 'multi_static_select', selected_options: [{ value: 'critical' }] } },
        },
      },
    },
  });
});

test('what Slack itself would refuse never reaches the app', async () => {
  await using sandbox = await startSandbox();
  await using _app = await appWith(sandbox, () => undefined);
  const { id: viewId } = await openModal(sandbox);
  const submit = (values: typeof filled | object) =>
    sandbox.people.submit({ as: 'U0ANN', viewId, values: values as typeof filled });
  expect(await submit({})).toEqual({ ok: false, errors: { class: 'Please complete this required field.' } });
  expect(await submit({ class: { name: 'ab' } })).toEqual({
    ok: false,
    errors: { class: 'Please enter at least 3 characters.' },
  });
  expect(await submit({ class: { name: 'abc' }, queues: { chosen: ['none'] } })).toEqual({
    ok: false,
    problem: '"none" is not among the options.',
  });
  expect(sandbox.deliveries.map(({ kind }) => kind)).toEqual(['slash_commands']);
});

test('the app refuses a submission with sentences under its inputs, and the modal stays', async () => {
  await using sandbox = await startSandbox();
  await using _app = await appWith(sandbox, () => ({
    response_action: 'errors',
    errors: { class: 'No such class.' },
  }));
  const { id: viewId } = await openModal(sandbox);
  expect(await sandbox.people.submit({ as: 'U0ANN', viewId, values: filled })).toEqual({
    ok: false,
    errors: { class: 'No such class.' },
  });
  expect(sandbox.people.modalsOf('U0ANN')).toHaveLength(1);
});

test('errors for an input that is not there, and a broken view, are trouble as in Slack', async () => {
  await using sandbox = await startSandbox();
  const answers: Answer[] = [
    { response_action: 'errors', errors: { reason: 'Missing.' } },
    { response_action: 'update', view: modal('x'.repeat(25)) },
  ];
  await using _app = await appWith(sandbox, () => answers.shift());
  const { id: viewId } = await openModal(sandbox);
  for (const detail of ['The app named inputs that are not there: reason.', 'invalid_arguments']) {
    const outcome = await sandbox.people.submit({ as: 'U0ANN', viewId, values: filled });
    expect(outcome).toMatchObject({ ok: false });
    expect(JSON.stringify(outcome)).toContain('We had some trouble connecting. Try again?');
    expect(JSON.stringify(outcome)).toContain(detail);
  }
});

test('a submission can be answered by updating, by pushing up to three views, and by clearing', async () => {
  await using sandbox = await startSandbox();
  const answers: Answer[] = [
    { response_action: 'update', view: modal('Updated') },
    { response_action: 'push', view: modal('Second') },
    { response_action: 'push', view: modal('Third') },
    { response_action: 'push', view: modal('Fourth') },
    { response_action: 'clear' },
  ];
  await using _app = await appWith(sandbox, () => answers.shift());
  const first = await openModal(sandbox);
  const titles = () => sandbox.people.modalsOf('U0ANN').map(({ title }) => title);
  const submitTop = () =>
    sandbox.people.submit({
      as: 'U0ANN',
      viewId: sandbox.people.modalsOf('U0ANN').at(-1)?.id ?? '',
      values: filled,
    });
  await submitTop();
  expect(titles()).toEqual(['Updated']);
  expect(sandbox.people.modalsOf('U0ANN')[0]?.id).toBe(first.id);
  await submitTop();
  await submitTop();
  expect(titles()).toEqual(['Updated', 'Second', 'Third']);
  expect(JSON.stringify(await submitTop())).toContain('push_limit_reached');
  expect(await submitTop()).toEqual({ ok: true });
  expect(titles()).toEqual([]);
});

test('a modal that is covered or closed cannot be submitted', async () => {
  await using sandbox = await startSandbox();
  await using _app = await appWith(sandbox, () => ({ response_action: 'push', view: modal('Second') }));
  const { id: viewId } = await openModal(sandbox);
  await sandbox.people.submit({ as: 'U0ANN', viewId, values: filled });
  expect(await sandbox.people.submit({ as: 'U0ANN', viewId, values: filled })).toEqual({
    ok: false,
    problem: 'That modal is not on top any more.',
  });
  expect(await sandbox.people.submit({ as: 'U0BEN', viewId, values: filled })).toMatchObject({ ok: false });
});

test('the app hears of a closed modal only if it asked to', async () => {
  await using sandbox = await startSandbox();
  await using _quiet = await appWith(sandbox, () => undefined);
  const { id } = await openModal(sandbox);
  expect(await sandbox.people.close({ as: 'U0ANN', viewId: id })).toEqual({ ok: true });
  expect(sandbox.deliveries).toHaveLength(1);

  await using other = await startSandbox();
  const closed: unknown[] = [];
  await using app = await appWith(other, () => undefined, modal('Purge', { notify_on_close: true }));
  app.app.view({ callback_id: 'purge', type: 'view_closed' }, async ({ ack, body }) => {
    closed.push(body);
    await ack();
  });
  const view = await openModal(other);
  await other.people.close({ as: 'U0ANN', viewId: view.id });
  expect(closed).toMatchObject([{ type: 'view_closed', is_cleared: false, view: { id: view.id } }]);
  expect(other.people.modalsOf('U0ANN')).toEqual([]);
});

test('a button in a modal sends the view with its state, and the app can update it or push on it', async () => {
  await using sandbox = await startSandbox();
  const bodies: unknown[] = [];
  const first = modal('Purge');
  const blocks: ModalView['blocks'] = [
    ...first.blocks,
    { type: 'actions', elements: [{ type: 'button', action_id: 'count', text: plain('Count') }] },
  ];
  await using app = await appWith(sandbox, () => undefined, { ...first, blocks });
  app.app.action('count', async ({ ack, body, client }) => {
    await ack();
    bodies.push(body);
    if (!('view' in body) || body.view === undefined || !('trigger_id' in body)) return;
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: modal('Counted') });
    await client.views.push({ trigger_id: body.trigger_id, view: modal('Details') });
  });
  const view = await openModal(sandbox);
  expect(await sandbox.people.pressButton('U0ANN', view, 'Count', filled)).toEqual({ ok: true });
  await sandbox.people.waitFor(() => sandbox.people.modalsOf('U0ANN')[1]);
  expect(sandbox.people.modalsOf('U0ANN').map(({ title }) => title)).toEqual(['Counted', 'Details']);
  expect(bodies[0]).toMatchObject({
    container: { type: 'view', view_id: view.id },
    view: { state: { values: { class: { name: { value: 'DisasterJob' } } } } },
  });
  expect(bodies[0]).not.toHaveProperty('response_url');
  expect(bodies[0]).not.toHaveProperty('message');
});

test('a trigger opens one view, within three seconds', async () => {
  const clock = new ManualClock();
  await using sandbox = await startSandbox({ clock });
  const triggers: string[] = [];
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    });
  });
  const client = clientOf(sandbox);
  const open = (trigger_id = '') => client.views.open({ trigger_id, view: modal('Purge') });
  const command = { as: 'U0ANN', channel: CHANNEL, text: '/sidekiq' };
  await sandbox.people.say(command);
  await sandbox.people.say(command);
  await open(triggers[0]);
  await expect(open(triggers[0])).rejects.toMatchObject({ data: { error: 'exchanged_trigger_id' } });
  clock.advance(3_001);
  await expect(open(triggers[1])).rejects.toMatchObject({ data: { error: 'expired_trigger_id' } });
});

test('a submission that the app leaves unanswered is trouble, and the modal stays', async () => {
  const clock = new ManualClock();
  await using sandbox = await startSandbox({ clock });
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, client, body }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: modal('Purge') });
    });
  });
  const { id: viewId } = await openModal(sandbox);
  const submitted = sandbox.people.submit({ as: 'U0ANN', viewId, values: filled });
  clock.advance(3_000);
  expect(JSON.stringify(await submitted)).toContain('operation_timeout');
  expect(sandbox.people.modalsOf('U0ANN')).toHaveLength(1);
});
