import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';

const button = (label: string, action_id: string) => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text: label },
  action_id,
  value: 'v1',
});

test('a slash command reaches the app with what Slack tells, and its answer reaches the asking person alone', async () => {
  await using sandbox = await startSandbox();
  const bodies: Record<string, unknown>[] = [];
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, body, respond }) => {
      await ack();
      bodies.push({ ...body });
      await respond('Only for you');
    });
  });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq  health on payroll ' });
  const answer = await sandbox.people.waitForMessage('U0ANN', ({ text }) => text === 'Only for you');
  expect(answer).toMatchObject({
    channel: 'C0PAYROLL',
    from: 'U0POISON',
    isEphemeral: true,
    kind: 'message',
  });
  expect(sandbox.people.messagesSeenBy('U0BEN', 'C0PAYROLL')).toEqual([]);
  expect(bodies[0]).toMatchObject({
    command: '/sidekiq',
    text: 'health on payroll',
    user_id: 'U0ANN',
    channel_id: 'C0PAYROLL',
    channel_name: 'payroll-incidents',
    team_id: 'T0ACME',
    is_enterprise_install: 'false',
  });
  expect(sandbox.deliveries).toHaveLength(1);
  expect(sandbox.deliveries[0]?.acks).toHaveLength(1);
  expect(sandbox.deliveries[0]?.acks[0]?.afterMs).toBeLessThan(3_000);
});

test('a button in an ephemeral message sends the container without the message, and the answer can replace it', async () => {
  await using sandbox = await startSandbox();
  const bodies: unknown[] = [];
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack }) => {
      await ack({ text: 'Pick', blocks: [{ type: 'actions', elements: [button('Refresh', 'refresh')] }] });
    });
    app.action('refresh', async ({ ack, body, respond }) => {
      await ack();
      bodies.push(body);
      await respond({ replace_original: true, text: 'Refreshed' });
    });
  });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' });
  const asked = await sandbox.people.waitForMessage('U0ANN', ({ text }) => text === 'Pick');
  expect(await sandbox.people.pressButton('U0ANN', asked, 'Refresh')).toEqual({ ok: true });
  const answer = await sandbox.people.waitForMessage('U0ANN', ({ text }) => text === 'Refreshed');
  expect(answer).toMatchObject({ ts: asked.ts, isEphemeral: true, blocks: [] });
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toHaveLength(1);
  expect(bodies[0]).not.toHaveProperty('message');
  expect(bodies[0]).toMatchObject({
    container: { type: 'message', message_ts: asked.ts, channel_id: 'C0PAYROLL', is_ephemeral: true },
    actions: [{ type: 'button', action_id: 'refresh', value: 'v1' }],
  });
});
