import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';

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

test('an acknowledgement may be the answer: a word for the asking person, or a message for the channel', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, body }) => {
      if (body.text === 'aloud') await ack({ response_type: 'in_channel', text: 'for all' });
      else await ack('for one');
    });
  });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq aloud' });
  expect(sandbox.people.messagesSeenBy('U0BEN', 'C0PAYROLL').map(({ text }) => text)).toEqual(['for all']);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL').map(({ text }) => text)).toEqual([
    'for one',
    'for all',
  ]);
});

test('broken blocks in an acknowledgement fail before the eyes of the asking person', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack }) => ack({ text: 'x', blocks: [{ type: 'toast' } as never] }));
  });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' });
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    { kind: 'error', text: '/sidekiq failed with the error "invalid_blocks".' },
  ]);
});

test('a command that is acknowledged after three seconds has failed, and the late word is noted', async () => {
  const clock = new ManualClock();
  await using sandbox = await startSandbox({ clock });
  const { promise: permission, resolve: permit } = Promise.withResolvers<void>();
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack }) => {
      await permission;
      await ack('too late');
    });
  });
  const said = sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' });
  clock.advance(3_000);
  expect(await said).toEqual({ ok: true });
  permit();
  await expect.poll(() => sandbox.deliveries[0]?.acks).toMatchObject([{ isLate: true }]);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    {
      kind: 'error',
      isEphemeral: true,
      text: '/sidekiq failed with the error "operation_timeout": the app did not answer within 3 seconds.',
    },
  ]);
  expect(sandbox.people.messagesSeenBy('U0BEN', 'C0PAYROLL')).toEqual([]);
});

test('a command without an app has failed at once', async () => {
  await using sandbox = await startSandbox();
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' });
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    { kind: 'error', text: '/sidekiq failed with the error "dispatch_failed": the app is not connected.' },
  ]);
});

test('unknown commands, commands in threads and lines in foreign channels go nowhere', async () => {
  await using sandbox = await startSandbox();
  const { people } = sandbox;
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: 'hello' });
  const { ts } = await people.waitForMessage('U0BEN', ({ text }) => text === 'hello');
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/weather' });
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq', threadTs: ts });
  await people.say({ as: 'U0BEN', channel: 'C0PAYROLL', text: 'hi', threadTs: ts });
  expect(people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    { kind: 'message', from: 'U0ANN', text: 'hello' },
    { kind: 'error', text: '/weather is not a valid command.' },
    { kind: 'error', text: '/sidekiq is not supported in threads. Sorry!', threadTs: ts },
    { kind: 'message', from: 'U0BEN', threadTs: ts },
  ]);
  for (const [as, channel, text] of [
    ['U0OLGA', 'C0PAYROLL', 'x'],
    ['U0NOBODY', 'C0PAYROLL', 'x'],
    ['U0ANN', 'C0NOWHERE', 'x'],
    ['U0ANN', 'C0PAYROLL', '   '],
  ] as const) {
    expect(await people.say({ as, channel, text })).toMatchObject({ ok: false });
  }
  expect(sandbox.deliveries).toEqual([]);
});

test('the app hears when it is mentioned', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startApp(sandbox, (app) => {
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: `heard ${event.user}`, thread_ts: event.ts });
    });
  });
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '<@U0POISON> help' });
  const answer = await sandbox.people.waitForMessage('U0BEN', ({ text }) => text === 'heard U0ANN');
  expect(answer.threadTs).toBe(sandbox.people.messagesSeenBy('U0BEN', 'C0PAYROLL')[0]?.ts);
});
