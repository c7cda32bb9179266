import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { CHANNEL, startNight } from './night.ts';

/** Slack on its bad days: every click is answered, nothing is done twice, and the channel catches up. */

test('429 for a minute on every edit: the purge does not wait for it, people are answered, and the message catches up', async () => {
  await using night = await startNight();
  await night.fill(3000);
  const message = await night.propose();
  night.sandbox.faults.failNext('chat.update', { kind: 'rate_limited', retryAfterS: 30 }, 2);
  night.sandbox.faults.failNext('chat.postMessage', { kind: 'rate_limited', retryAfterS: 2 }, 3);
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  await night.ask('help', /backlog/);
  await eventually(async () => /3,000 of 3,000|: done/.test(await night.reads(message, /./)), 120_000);
  expect(
    await night.metric(
      /^poison_control_slack_calls_total\{method="chat.update",outcome="rate_limited"\} (\d+)$/m,
    ),
  ).toBe(2);
}, 240_000);

test('500s on every call: who asks is answered once one comes through, and the bot lives', async () => {
  await using night = await startNight();
  for (const method of ['users.info', 'conversations.info', 'chat.postEphemeral', 'response_url']) {
    night.sandbox.faults.failNext(method, { kind: 'http', status: 500 }, 4);
  }
  await night.ask('help', /backlog/);
  await night.fill(20);
  const message = await night.propose();
  night.sandbox.faults.failNext('chat.update', { kind: 'http', status: 500 }, 3);
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  await night.reads(message, /20 of 20|: done/);
}, 120_000);

test('sockets cut again and again, each delivery twice and late: all are acknowledged, and one purge runs', async () => {
  await using night = await startNight();
  await night.fill(3000);
  const { faults } = night.sandbox;
  faults.deliverTwice(50);
  const message = await night.propose();
  for (const reason of ['warning', 'refresh_requested', 'warning', 'refresh_requested'] as const) {
    night.sandbox.cutSockets(reason);
    await night.ask('help', /backlog/);
  }
  // The later press arrives first.
  faults.delayNextDelivery(700);
  await Promise.all([night.approve(message), night.ask('backlog', /jobs wait/)]);
  night.sandbox.cutSockets('refresh_requested');
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  expect(await night.left()).toEqual({ bad: 0, fine: 3000 });
  const posts = night.sandbox.people
    .messagesSeenBy('U0BEN', CHANNEL)
    .filter(
      ({ text, threadTs, isEphemeral }) =>
        !isEphemeral && threadTs === undefined && /asks to purge/.test(text),
    );
  expect(posts).toHaveLength(1);
  await eventually(() => night.acknowledgedInTime());
}, 180_000);

test('the token is revoked: the bot ends as failed and says what to do', async () => {
  await using night = await startNight();
  night.sandbox.faults.failNext('apps.connections.open', { kind: 'error', error: 'token_revoked' }, 5);
  night.sandbox.cutSockets();
  expect(await night.bot.exited).toEqual({ code: 1, signal: null });
  expect(night.bot.output()).toContain(
    'Slack does not let the bot in: token_revoked. Check its tokens and that the app is installed.',
  );
});

test.each(['socket', 'http'] as const)(
  'the bot token is revoked while Slack can still deliver (%s): at its next call the bot ends and says what to do',
  async (mode) => {
    await using night = await startNight({ mode });
    const { sandbox, bot } = night;
    await night.ask('help', /backlog/);
    for (const method of ['conversations.info', 'users.info', 'chat.postEphemeral', 'chat.postMessage'])
      sandbox.faults.failNext(method, { kind: 'error', error: 'token_revoked' }, 20);
    expect(sandbox.connectionCount).toBe(mode === 'http' ? 0 : 1);
    await sandbox.people.say({ as: 'U0BEN', channel: CHANNEL, text: '/sidekiq health' });
    expect(await bot.exited).toEqual({ code: 1, signal: null });
    expect(bot.output()).toContain(
      'Slack does not let the bot in: token_revoked. Check its tokens and that the app is installed.',
    );
  },
);
