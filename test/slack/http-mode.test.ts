import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { say } from '../../src/core/reply/text.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startSlack } from '../../src/slack/connect.ts';
import type { Answer } from '../../src/slack/conversation.ts';
import { answerOf, CHANNEL, CLOCK, echo, hidden, logInto, UNKNOWING } from './bot.ts';

async function startOverHttp(answer: Answer, port = 0) {
  const sandbox = await startSandbox();
  const slack = await startSlack({
    settings: {
      botToken: hidden(sandbox.botToken),
      apiUrl: sandbox.apiUrl,
      mode: { type: 'http', signingSecret: hidden(sandbox.signingSecret) },
    },
    http: {
      host: '127.0.0.1',
      port,
      routes: [{ path: '/healthz', method: 'GET', handler: (_, response) => response.end('ok') }],
    },
    answer,
    ...UNKNOWING,
    log: logInto([]),
    clock: CLOCK,
    onFatal: () => {},
  }).catch(async (error: unknown) => {
    await sandbox[Symbol.asyncDispose]();
    throw error;
  });
  const origin = `http://127.0.0.1:${slack.address?.port}`;
  sandbox.deliverOverHttp(`${origin}/slack/events`);
  return {
    sandbox,
    slack,
    origin,
    [Symbol.asyncDispose]: async () => {
      await slack.stop();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

test('over HTTP a signed command is answered as over a socket', async () => {
  await using bot = await startOverHttp(echo);
  const { people } = bot.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
  const answer = await people.waitForMessage('U0ANN', ({ text }) => text.includes('You asked: health'));
  expect(answer.isEphemeral).toBe(true);
  expect(bot.sandbox.deliveries[0]?.acks).toHaveLength(1);
  expect(bot.sandbox.calls.map(({ method }) => method)).not.toContain('apps.connections.open');
});

test('other routes are answered on the same address', async () => {
  await using bot = await startOverHttp(echo);
  expect(await (await fetch(`${bot.origin}/healthz`)).text()).toBe('ok');
});

test('a port that is taken stops the start, and is what it says', async () => {
  await using bot = await startOverHttp(echo);
  await expect(startOverHttp(echo, bot.slack.address?.port)).rejects.toThrow('EADDRINUSE');
});

test('after stopping nothing listens there any more', async () => {
  await using bot = await startOverHttp(echo);
  expect(bot.slack.isConnected()).toBe(true);
  await bot.slack.stop();
  expect(bot.slack.isConnected()).toBe(false);
  await expect(fetch(`${bot.origin}/healthz`)).rejects.toThrow();
});

const SECRET = 'sandbox-signing-secret';
const BODY = new URLSearchParams({
  command: '/sidekiq',
  text: 'health',
  user_id: 'U0ANN',
  channel_id: CHANNEL,
  team_id: 'T0ACME',
  trigger_id: '1.2',
}).toString();

function signed(body: string, { secret = SECRET, ageS = 0 } = {}): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageS);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}

function without(header: string): Record<string, string> {
  return Object.fromEntries(Object.entries(signed(BODY)).filter(([name]) => name !== header));
}

test.each([
  ['signed with another secret', signed(BODY, { secret: 'another' }), BODY],
  ['signed six minutes ago', signed(BODY, { ageS: 360 }), BODY],
  ['without a signature', without('x-slack-signature'), BODY],
  ['without a time', without('x-slack-request-timestamp'), BODY],
  ['altered on its way', signed(BODY), BODY.replace('health', 'purge')],
  ['with a signature that is none', { ...signed(BODY), 'x-slack-signature': 'v0=zz' }, BODY],
])('a request %s is turned away and asks nothing', async (_, headers, body) => {
  const asked: string[] = [];
  await using bot = await startOverHttp(async ({ text }) => {
    asked.push(text);
    return answerOf(say`x`);
  });
  const answer = await fetch(`${bot.origin}/slack/events`, { method: 'POST', headers, body });
  expect(answer.status).toBe(401);
  expect(asked).toEqual([]);
});

test('the same signed request once more is acknowledged and not answered again', async () => {
  const asked: string[] = [];
  await using bot = await startOverHttp(async ({ text }) => {
    asked.push(text);
    return answerOf(say`x`);
  });
  const send = (headers: Record<string, string>) =>
    fetch(`${bot.origin}/slack/events`, { method: 'POST', headers, body: BODY });
  const headers = signed(BODY);
  expect((await send(headers)).status).toBe(200);
  await expect.poll(() => asked).toEqual(['health']);
  expect((await send(headers)).status).toBe(200);
  expect((await send(signed(BODY, { ageS: 5 }))).status).toBe(200);
  await expect.poll(() => asked).toEqual(['health', 'health']);
});

const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['payload=null', FORM],
  ['payload=%22x%22', FORM],
  ['payload=%5B%5D', FORM],
  ['payload=1&ssl_check=2', FORM],
  ['payload=%7B', FORM],
  ['null', 'application/json'],
  ['[{}]', 'application/json'],
  ['', 'application/json'],
])(
  'a signed body %s (%s) that is no delivery is answered with 400, and the bot lives on',
  async (body, type) => {
    await using bot = await startOverHttp(echo);
    const send = (headers: Record<string, string>) =>
      fetch(`${bot.origin}/slack/events`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      });
    expect((await send(signed(body))).status).toBe(400);
    expect((await send(signed(body, { secret: 'another' }))).status).toBe(401);
    await bot.sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
    await bot.sandbox.people.waitForMessage('U0ANN', ({ text }) => text.includes('You asked: health'));
  },
);

test('a body that is too large is turned away unread', async () => {
  await using bot = await startOverHttp(echo);
  const body = 'x'.repeat(2 * 1024 * 1024);
  const answer = await fetch(`${bot.origin}/slack/events`, { method: 'POST', headers: signed(body), body });
  expect(answer.status).toBe(413);
});

test('Slack’s certificate check is answered without a signature', async () => {
  await using bot = await startOverHttp(echo);
  const answer = await fetch(`${bot.origin}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'ssl_check=1&token=x',
  });
  expect(answer.status).toBe(200);
});
