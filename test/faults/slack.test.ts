import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { job } from '../redis/reading.ts';
import { CHANNEL, type Night, startNight } from './night.ts';

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

/** When the line breaks, of a press that is on its way; each comes three times. */
const BREAKS = {
  'at once': async () => {},
  'while the bot asks who it is': ({ sandbox }: Night, calls: number) =>
    eventually(() => sandbox.calls.slice(calls).some(({ method }) => method === 'users.info'), 5000),
  'when it is acknowledged': (_: Night, _calls: number, pressed: Promise<unknown>) => pressed,
};

test('sockets that break off again and again under presses and commands: each is answered, or Slack says it was not heard, and none counts twice', async () => {
  await using night = await startNight();
  const { sandbox, redis } = night;
  const { people } = sandbox;
  const ASKERS = ['U0CLEO', 'U0DANA'];
  const lost = (as: string, what: string) =>
    people.messagesSeenBy(as, CHANNEL).filter(({ text }) => text.includes(`${what} failed with the error`))
      .length;
  await redis.sadd('queues', 'default');
  const breaks = Object.values(BREAKS);
  for (const [nth, breakIt] of [...breaks, ...breaks, ...breaks].entries()) {
    const jobs = Array.from({ length: 5 }, () => job(`Round${nth}Job`));
    await redis.lpush('queue:default', ...jobs);
    const message = await night.propose(`Round${nth}Job`);
    const [before, calls] = [lost('U0BEN', '"Approve"'), sandbox.calls.length];
    const pressed = night.approve(message);
    const asked = ASKERS.map((as) => people.say({ as, channel: CHANNEL, text: '/sidekiq help' }));
    await breakIt(night, calls, pressed);
    sandbox.cutSockets();
    await Promise.all([pressed, ...asked]);
    await sandbox.waitForBot();
    if (lost('U0BEN', '"Approve"') > before) {
      // What Slack says was not heard has done nothing, and the same press works.
      expect(await night.reads(message, /./)).toContain('waits for approval');
      await night.approve(message);
    }
    await night.reads(message, /5 of 5/);
    expect(await redis.exists('queue:default')).toBe(0);
  }
  const heard = (as: string) =>
    people
      .messagesSeenBy(as, CHANNEL)
      .filter(({ isEphemeral, text }) => isEphemeral && text.includes('backlog')).length;
  for (const as of ASKERS) await eventually(() => heard(as) + lost(as, '/sidekiq') === breaks.length * 3);
  const exported = await night.tool('audit-export');
  expect(exported.match(/"what":"approved"/g)).toHaveLength(breaks.length * 3);
  expect(await night.tool('audit-verify')).toMatch(/^ok \d+ records/);
}, 300_000);

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
