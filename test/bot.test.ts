import { expect, test } from 'vitest';
import { playLive } from '../src/sandbox/demo/play.ts';
import { openFleetRedis } from '../src/sandbox/fleet/redis-client.ts';
import { INCIDENT_REDIS_CONFIG, playIncident } from '../src/sandbox/fleet/stories/incident.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { startBotProcess } from './bot-process.ts';
import { eventually } from './eventually.ts';
import { startRedisServer } from './redis-server.ts';

/** The main job from outside: the program as anybody starts it, Slack's protocol, a Redis with an incident in it. */

const CHANNEL = 'C0PAYROLL';

const settingsFor = ({ apiUrl, botToken, appToken }: Sandbox, redisUrl: string) => ({
  SLACK_API_URL: apiUrl,
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN: appToken,
  SIDEKIQ_REDIS_URL: redisUrl,
});

/** Somebody who asks, and is told by a new message. */
async function told(
  sandbox: Sandbox,
  as: string,
  doing: () => Promise<unknown>,
  channel = CHANNEL,
): Promise<string> {
  const seen = () => sandbox.people.messagesSeenBy(as, channel).filter(({ isEphemeral }) => isEphemeral);
  const before = seen().length;
  await doing();
  await eventually(() => seen().length > before);
  return seen().at(-1)?.text ?? '';
}

test('in the middle of an incident everybody is answered, and health names the class that fills the threads', async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer({ config: INCIDENT_REDIS_CONFIG }));
  const redis = stack.use(await openFleetRedis(server.port));
  const playing = new AbortController();
  const played = playLive(await playIncident(redis, Date.now()), playing.signal);
  stack.defer(async () => {
    playing.abort();
    await played;
  });
  const sandbox = stack.use(await startSandbox());
  const bot = stack.use(await startBotProcess(settingsFor(sandbox, server.url)));
  await bot.runs();
  const ask = (text: string, as = 'U0ANN', channel = CHANNEL) =>
    told(sandbox, as, () => sandbox.people.say({ as, channel, text: `/sidekiq ${text}` }), channel);

  const health = await ask('health');
  expect(health).toMatch(
    /^\S+ default: incident\. .*Recurring::DisasterJob (holds|was in) \d+ of \d+ threads/,
  );
  expect(await ask('backlog')).toMatch(/default: [\d,]+ jobs wait; \d+ % of them are \w+/);
  expect(await ask('backlog mailers')).toContain('jobs wait in mailers');
  expect(await ask('')).toContain('backlog [QUEUE]');
  expect(await ask('healht')).toContain('Did you mean health?');
  expect(await ask('“health”')).toContain('incident');
  expect(await ask('health', 'U0GUS')).toContain('You are a guest of this workspace');
  expect(await ask('health', 'U0OLGA', 'C0VENDOR')).toContain('You belong to another organisation');
  expect(await ask('health', 'U0ANN', 'C0VENDOR')).toContain('This channel is shared with another');

  const answer = sandbox.people.messagesSeenBy('U0ANN', CHANNEL).find(({ text }) => text === health);
  if (answer === undefined) throw new Error('the answer is gone');
  expect(sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toEqual([]);
  await sandbox.people.pressButton('U0ANN', answer, 'Share');
  const shared = await sandbox.people.waitForMessage('U0BEN', ({ text }) => text.startsWith('Shared by'));
  expect(shared.text).toContain('Recurring::DisasterJob');
  expect(
    await told(sandbox, 'U0BEN', () => sandbox.people.pressButton('U0BEN', shared, 'Backlog')),
  ).toContain('jobs wait');
  await sandbox.people.pressButton('U0ANN', answer, 'Refresh');
  const now = () => sandbox.people.messagesSeenBy('U0ANN', CHANNEL).find(({ ts }) => ts === answer.ts)?.text;
  await eventually(() => now() !== health);
  expect(now()).toContain('Recurring::DisasterJob');

  await eventually(() => sandbox.deliveries.every(({ acks }) => acks.length > 0));
  for (const { acks, payload } of sandbox.deliveries) {
    expect(acks, JSON.stringify(payload)).toEqual([expect.objectContaining({ isLate: false })]);
  }
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  expect(bot.output()).not.toContain(sandbox.botToken);
  expect(bot.output()).not.toContain(sandbox.appToken);
});

test('SIGTERM while it still waits for Slack ends it as asked', async () => {
  await using sandbox = await startSandbox();
  sandbox.faults.failNext('apps.connections.open', { kind: 'delay', delayMs: 30_000 });
  await using bot = await startBotProcess(settingsFor(sandbox, 'redis://127.0.0.1:1/0'));
  await eventually(() => sandbox.calls.length > 0);
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

test('a Redis that is down stops nobody from being answered', async () => {
  await using sandbox = await startSandbox();
  await using bot = await startBotProcess(settingsFor(sandbox, 'redis://:hunter2@127.0.0.1:1/0'));
  await bot.runs();
  const ask = (text: string) =>
    told(sandbox, 'U0ANN', () =>
      sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq ${text}` }),
    );
  expect(await ask('health')).toMatch(/Redis of default .* did not answer/);
  expect(await ask('help')).toContain('backlog');
  expect(bot.output()).not.toContain('hunter2');
});

test('wrong settings stop the start with all faults, and no secret among them', async () => {
  await using bot = await startBotProcess({
    SLACK_BOT_TOKEN: 'hunter2',
    SLACK_API_URL: 'https://evil.example/hunter2',
    SIDEKIQ_REDIS_URL: 'redis://:hunter2@127.0.0.1/queue',
    DATABASE_URL: 'mysql://root:hun/ter2@127.0.0.1/x',
    HTTP_PORT: '99999',
    LOG_LEVEL: 'loud',
  });
  expect(await bot.exited).toEqual({ code: 2, signal: null });
  for (const name of [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_API_URL',
    'SIDEKIQ_REDIS_URL',
    'DATABASE_URL',
    'HTTP_PORT',
    'LOG_LEVEL',
  ]) {
    expect(bot.output()).toMatch(new RegExp(`^ {2}${name}$`, 'm'));
  }
  expect(bot.output()).not.toMatch(/hunter2|ter2/);
});

test('a port that is taken is told before Slack hears of the bot', async () => {
  await using sandbox = await startSandbox();
  const { port } = new URL(sandbox.url);
  await using bot = await startBotProcess({
    ...settingsFor(sandbox, 'redis://127.0.0.1:1/0'),
    HTTP_PORT: port,
  });
  expect(await bot.exited).toEqual({ code: 1, signal: null });
  expect(bot.output()).toContain(`address already in use 127.0.0.1:${port}`);
  expect(bot.output()).toContain('could not start');
  expect(sandbox.calls).toEqual([]);
});

test('a token that is revoked while it runs ends it as failed', async () => {
  await using sandbox = await startSandbox();
  await using bot = await startBotProcess(settingsFor(sandbox, 'redis://127.0.0.1:1/0'));
  await bot.runs();
  sandbox.faults.failNext('apps.connections.open', { kind: 'error', error: 'token_revoked' }, 5);
  sandbox.cutSockets();
  expect(await bot.exited).toEqual({ code: 1, signal: null });
});
