import type { types, ViewClosedAction } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { clientOf, startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';
import { type Answer, appWith, CHANNEL, filled, modal, openModal, plain } from './modal-app.ts';

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

test('nobody presses, submits or closes in a modal of somebody else', async () => {
  await using sandbox = await startSandbox();
  const first = modal('Purge');
  const button = { type: 'button' as const, action_id: 'count', text: plain('Count') };
  const blocks: types.ModalView['blocks'] = [...first.blocks, { type: 'actions', elements: [button] }];
  await using _app = await appWith(sandbox, () => undefined, { ...first, blocks });
  const view = await openModal(sandbox);
  const others = [
    await sandbox.people.pressButton('U0BEN', view, 'Count'),
    await sandbox.people.submit({ as: 'U0BEN', viewId: view.id, values: filled }),
    await sandbox.people.close({ as: 'U0BEN', viewId: view.id }),
  ];
  expect(others.map(({ ok }) => ok)).toEqual([false, false, false]);
  expect(sandbox.deliveries).toHaveLength(1);
  expect(sandbox.people.modalsOf('U0ANN')).toHaveLength(1);
});

test('a modal that clears on close takes those below with it, and each is told as cleared', async () => {
  await using sandbox = await startSandbox();
  const told: unknown[] = [];
  const closing = { notify_on_close: true, clear_on_close: true };
  const second = modal('Second', closing);
  await using app = await appWith(
    sandbox,
    () => ({ response_action: 'push', view: second }),
    modal('First', closing),
  );
  app.app.view<ViewClosedAction>({ callback_id: 'purge', type: 'view_closed' }, async ({ ack, body }) => {
    told.push([body.view.title.text, body.is_cleared]);
    await ack();
  });
  const { id } = await openModal(sandbox);
  await sandbox.people.submit({ as: 'U0ANN', viewId: id, values: filled });
  await sandbox.people.close({ as: 'U0ANN', viewId: sandbox.people.modalsOf('U0ANN')[1]?.id ?? '' });
  expect(told).toEqual([
    ['First', true],
    ['Second', true],
  ]);
  expect(sandbox.people.modalsOf('U0ANN')).toEqual([]);
});
