import type { AckFn, types, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';

export const CHANNEL = 'C0PAYROLL';
export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const modal = (title: string, more: Partial<types.ModalView> = {}): types.ModalView => ({
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

export type Answer = Parameters<AckFn<ViewResponseAction>>[0];

/** An app that opens a modal on /sidekiq and answers its submission as the test says. */
export function appWith(
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

export async function openModal(sandbox: Sandbox) {
  await sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq purge' });
  return sandbox.people.waitFor(() => sandbox.people.modalsOf('U0ANN').at(-1));
}

export const filled = { class: { name: 'DisasterJob' }, queues: { chosen: ['critical'] } };
