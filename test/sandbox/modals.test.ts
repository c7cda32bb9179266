import type { types, ViewSubmitAction } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';
import { type Answer, appWith, CHANNEL, filled, modal, openModal, plain } from './modal-app.ts';

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

test('a button in a modal sends the view with its state, and the app can update it or push on it', async () => {
  await using sandbox = await startSandbox();
  const bodies: unknown[] = [];
  const first = modal('Purge');
  const blocks: types.ModalView['blocks'] = [
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

test('a number that is none, too small, too large or broken is refused under its input', async () => {
  await using sandbox = await startSandbox();
  const element = { type: 'number_input' as const, action_id: 'n', is_decimal_allowed: false };
  const limits = { min_value: '1', max_value: '100' };
  const blocks: types.ModalView['blocks'] = [
    { type: 'input', block_id: 'percent', label: plain('Percent'), element: { ...element, ...limits } },
  ];
  await using _app = await appWith(sandbox, () => undefined, modal('Restore', { blocks }));
  const { id: viewId } = await openModal(sandbox);
  const refusalOf = async (n: string) => {
    const outcome = await sandbox.people.submit({ as: 'U0ANN', viewId, values: { percent: { n } } });
    return 'errors' in outcome ? outcome.errors['percent'] : outcome;
  };
  expect(await refusalOf('ten')).toBe('Please enter a number.');
  expect(await refusalOf('1.5')).toBe('Please enter a whole number.');
  expect(await refusalOf('0')).toBe('Please enter a number of at least 1.');
  expect(await refusalOf('101')).toBe('Please enter a number of at most 100.');
  expect(await refusalOf('100')).toEqual({ ok: true });
});
