import { LogLevel } from '@slack/bolt';
import { expect, test } from 'vitest';
import { say } from '../../src/core/reply/text.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { boltLogger } from '../../src/slack/bolt-logger.ts';
import { startSlack } from '../../src/slack/connect.ts';
import { openSocket } from '../../src/slack/socket.ts';
import { clientOptions } from '../../src/slack/web-clients.ts';
import {
  answerOf,
  ask,
  CHANNEL,
  CLOCK,
  echo,
  hidden,
  type LogLine,
  logInto,
  seen,
  startBot,
  UNKNOWING,
} from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** The traps of Slack's libraries that reference and experience name, each walked into on purpose. */

const shareable = async ({ text }: { readonly text: string }) =>
  answerOf(say`answer to ${text}`, { buttons: [{ type: 'share' }] });

const callsOf = (bot: Awaited<ReturnType<typeof startBot>>, method: string) =>
  bot.sandbox.calls.filter((call) => call.method === method);

test('no retry policy leaks from one client into another', async () => {
  const logger = boltLogger(logInto([]));
  const [one, other] = [clientOptions('x', logger, 0), clientOptions('x', logger, 0)];
  expect(one).not.toBe(other);
  expect(one.retryConfig).not.toBe(other.retryConfig);
  // Socket Mode’s own policy would try a post a hundred times.
  await using bot = await startBot(shareable);
  await ask(bot, 'health');
  const answer = await seen(bot, 'answer to health');
  bot.sandbox.faults.failNext('chat.postMessage', { kind: 'http', status: 500 }, 5);
  await bot.sandbox.people.pressButton('U0ANN', answer, 'Share');
  await seen(bot, 'Something went wrong on my side');
  expect(callsOf(bot, 'chat.postMessage')).toHaveLength(1);
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toEqual([]);
});

test('a command that fails is acknowledged, and told with a reference that the log has too', async () => {
  await using bot = await startBot(() => {
    throw new Error('boom');
  });
  await ask(bot, 'health');
  const { text } = await seen(bot, 'Something went wrong on my side');
  const reference = /give (\w{6}) to/.exec(text)?.[1];
  expect(bot.sandbox.deliveries[0]?.acks).toHaveLength(1);
  expect(text).not.toContain('boom');
  const failed = bot.lines.find(({ message }) => message === 'a request failed');
  expect(failed?.fields).toMatchObject({ reference, user: 'U0ANN', channel: CHANNEL });
  expect(failed?.fields).toHaveProperty('err.message', 'boom');
});

test('a delivery that comes twice is acknowledged twice and answered once', async () => {
  let asked = 0;
  await using bot = await startBot(async () => {
    asked += 1;
    return answerOf(say`answer ${asked}`);
  });
  bot.sandbox.faults.deliverTwice();
  await ask(bot, 'health');
  await seen(bot, 'answer 1');
  await expect.poll(() => bot.sandbox.deliveries[0]?.acks.length).toBe(2);
  await ask(bot, 'health');
  await seen(bot, 'answer 2');
  expect(asked).toBe(2);
});

test('a post that Slack holds back for a while holds nobody else back', async () => {
  const clock = new HeldClock();
  await using bot = await startBot(shareable, { clock });
  await ask(bot, 'health');
  const answer = await seen(bot, 'answer to health');
  bot.sandbox.faults.failNext('chat.postMessage', { kind: 'rate_limited', retryAfterS: 5 });
  const pressed = bot.sandbox.people.pressButton('U0ANN', answer, 'Share');
  await expect.poll(() => clock.waitsMs).toEqual([5000]);
  await ask(bot, 'backlog', 'U0BEN');
  await seen(bot, 'answer to backlog', 'U0BEN');
  expect(bot.sandbox.people.messagesSeenBy('U0CLEO', CHANNEL)).toEqual([]);
  clock.pass(5000);
  await pressed;
  await seen(bot, 'Shared by <@U0ANN>', 'U0CLEO');
});

test('a post that Slack holds back for long is given up with how long', async () => {
  await using bot = await startBot(shareable);
  await ask(bot, 'health');
  const answer = await seen(bot, 'answer to health');
  bot.sandbox.faults.failNext('chat.postMessage', { kind: 'rate_limited', retryAfterS: 90 });
  await bot.sandbox.people.pressButton('U0ANN', answer, 'Share');
  await seen(bot, 'Slack lets me say no more for 90 seconds');
});

test('when the response_url does not work, the answer comes as an ephemeral message', async () => {
  await using bot = await startBot(echo);
  bot.sandbox.faults.failNext('response_url', { kind: 'http', status: 500 });
  await ask(bot, 'health');
  expect(await seen(bot, 'You asked: health')).toMatchObject({ isEphemeral: true });
  expect(callsOf(bot, 'chat.postEphemeral')).toHaveLength(1);
});

test('when nothing can be said at all, the log has the reference', async () => {
  await using bot = await startBot(echo);
  bot.sandbox.faults.failNext('response_url', { kind: 'http', status: 500 }, 2);
  bot.sandbox.faults.failNext('chat.postEphemeral', { kind: 'error', error: 'user_not_in_channel' }, 2);
  await ask(bot, 'health');
  await expect
    .poll(() => bot.lines.map(({ message }) => message))
    .toContain('a person could not be told what went wrong');
});

test('an answer that never comes is given up after a minute, in words', async () => {
  const clock = new HeldClock();
  await using bot = await startBot(() => new Promise(() => {}), { clock });
  await ask(bot, 'health');
  await expect.poll(() => clock.waitsMs).toEqual([60_000]);
  clock.pass(60_000);
  await seen(bot, 'That took too long');
});

test('stopping waits for those who are being answered, and sends others away in words', async () => {
  const { promise: permission, resolve: permit } = Promise.withResolvers<void>();
  const begun: string[] = [];
  await using bot = await startBot(async ({ text }) => {
    begun.push(text);
    await permission;
    return answerOf(say`answer to ${text}`);
  });
  await ask(bot, 'early');
  await expect.poll(() => begun).toEqual(['early']);
  const stopped = bot.slack.stop();
  await ask(bot, 'late', 'U0BEN');
  await seen(bot, 'I am just being restarted', 'U0BEN');
  permit();
  await stopped;
  await seen(bot, 'answer to early');
  expect(begun).toEqual(['early']);
  await expect.poll(() => bot.sandbox.connectionCount).toBe(0);
});

test('stopping does not wait for ever', async () => {
  const clock = new HeldClock();
  const begun: string[] = [];
  await using bot = await startBot(
    ({ text }) => {
      begun.push(text);
      return new Promise(() => {});
    },
    { clock },
  );
  await ask(bot, 'hanging');
  await expect.poll(() => begun).toEqual(['hanging']);
  const stopped = bot.slack.stop();
  await expect.poll(() => clock.waitsMs).toContain(10_000);
  clock.pass(10_000);
  await stopped;
  expect(bot.lines.map(({ message }) => message)).toContain('stopped before everybody was answered');
});

test.each(['warning', 'refresh_requested', undefined] as const)(
  'a connection that ends (%s) is opened again at once, without waiting',
  async (reason) => {
    await using bot = await startBot(echo, { clock: new HeldClock() });
    const opened = () => callsOf(bot, 'apps.connections.open').length;
    bot.sandbox.cutSockets(reason);
    await expect.poll(opened).toBe(2);
    await expect.poll(() => bot.slack.isConnected()).toBe(true);
    await ask(bot, 'still there');
    await seen(bot, 'You asked: still there');
  },
);

test.each(['warning', 'refresh_requested'] as const)(
  'what is delivered in the very instant in which a connection ends (%s) is acknowledged and answered',
  async (reason) => {
    await using bot = await startBot(echo);
    const { people } = bot.sandbox;
    for (let nth = 1; nth <= 5; nth += 1) {
      const said = people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq farewell ${nth}` });
      expect(bot.sandbox.deliveries).toHaveLength(nth);
      bot.sandbox.cutSockets(reason);
      await said;
      await expect
        .poll(() => bot.sandbox.deliveries.at(-1)?.acks)
        .toEqual([expect.objectContaining({ isLate: false })]);
      await seen(bot, `farewell ${nth}`);
      await expect.poll(() => bot.slack.isConnected()).toBe(true);
    }
    expect(bot.fatal).toEqual([]);
  },
);

test('while Slack cannot be reached, the next try waits longer than the last', async () => {
  const clock = new HeldClock();
  await using bot = await startBot(echo, { clock });
  bot.sandbox.faults.failNext('apps.connections.open', { kind: 'http', status: 500 }, 2);
  bot.sandbox.cutSockets();
  const pauses = () => clock.waitsMs.filter((ms) => ms < 10_000);
  await expect.poll(pauses).toEqual([500]);
  expect(bot.slack.isConnected()).toBe(false);
  clock.pass(500);
  await expect.poll(pauses).toEqual([1000]);
  clock.pass(1000);
  await expect.poll(() => bot.slack.isConnected()).toBe(true);
  expect(bot.fatal).toEqual([]);
});

test('a connection that is lost for good is told as fatal, and no rejection goes unhandled', async () => {
  await using bot = await startBot(echo);
  bot.sandbox.faults.failNext('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
  bot.sandbox.cutSockets('link_disabled');
  await expect.poll(() => bot.fatal).toHaveLength(1);
  expect(bot.slack.isConnected()).toBe(false);
});

test('a token that Slack does not take stops the start, with what to do', async () => {
  await using sandbox = await startSandbox();
  const start = (botToken: string, appToken: string) =>
    startSlack({
      settings: {
        botToken: hidden(botToken),
        apiUrl: sandbox.apiUrl,
        mode: { type: 'socket', appToken: hidden(appToken) },
      },
      http: { host: '127.0.0.1', port: 0, routes: [] },
      answer: echo,
      ...UNKNOWING,
      log: logInto([]),
      clock: CLOCK,
      onFatal: () => {},
    });
  const refusal =
    'Slack does not let the bot in: invalid_auth. Check its tokens and that the app is installed.';
  await expect(start('xoxb-revoked', sandbox.appToken)).rejects.toThrow(refusal);
  await expect(start(sandbox.botToken, 'xapp-revoked')).rejects.toThrow(refusal);
});

test('nothing that Slack’s libraries print at debug reaches the log, and no secret at any level', async () => {
  const lines: LogLine[] = [];
  const logger = boltLogger(logInto(lines));
  logger.setLevel(LogLevel.DEBUG);
  expect(logger.getLevel()).toBe(LogLevel.INFO);
  logger.debug('a payload');
  logger.warn('failed', new Error('at https://hooks.slack.com/commands/T0/1/x with xoxb-1-2 and xapp-1-A'));
  expect(lines.map(({ message }) => message)).toEqual([
    'failed Error: at [address] with [secret] and [secret]',
  ]);
});

test('what people type, tokens and addresses stay out of the log, on good days and bad', async () => {
  await using bot = await startBot(async ({ text }) => {
    if (text.includes('bad')) throw new Error('boom');
    return shareable({ text });
  });
  await ask(bot, 'topsecret');
  const answer = await seen(bot, 'answer to topsecret');
  await bot.sandbox.people.pressButton('U0ANN', answer, 'Share');
  bot.sandbox.faults.failNext('response_url', { kind: 'http', status: 500 });
  await ask(bot, 'topsecret bad');
  await seen(bot, 'Something went wrong');
  bot.sandbox.cutSockets();
  await expect.poll(() => bot.slack.isConnected()).toBe(true);
  const logged = bot.lines
    .map(({ fields, message }) => message + JSON.stringify(fields, errorsToo))
    .join('\n');
  expect(logged).toContain('boom');
  for (const secret of ['topsecret', bot.sandbox.botToken, bot.sandbox.appToken, '/response/', 'ticket=']) {
    expect(logged).not.toContain(secret);
  }
});

/** Errors as pino writes them: message, stack and their own fields. */
function errorsToo(_: string, value: unknown): unknown {
  return value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value;
}

test.each(['{"type":"events_api","envelope_id":"1","payload":{"type":"app_rate_limited"}}', 'null'])(
  'a frame that the client cannot read, such as %s, is logged and ends nothing',
  async (frame) => {
    const lines: LogLine[] = [];
    const log = logInto(lines);
    const { receiver } = openSocket({
      appToken: 'xapp-1',
      apiUrl: 'http://127.0.0.1:1/',
      logger: boltLogger(log),
      log,
      clock: CLOCK,
      onFatal: (error) => expect.fail(String(error)),
    });
    // Vitest fails a test whose promises are rejected unheard.
    receiver.client.emit('ws_message', frame, false);
    await expect.poll(() => lines.map(({ level }) => level)).toEqual(['warn']);
  },
);
