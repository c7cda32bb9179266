import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import type { BotProcess } from '../bot-process.ts';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { asksFor, CHANNEL, crashWorkers, FINE, LEAPING, type Night, startNight } from './night.ts';

/** Slack at 429 for minutes: whoever asks or presses is told why, and what was to be said in the meantime is said after it, once. */

const RETRY_AFTER_S = 30;
const THIRD = 'Reports::ExportJob';

/** Ten seconds pass in the bot. */
async function pass(bot: BotProcess): Promise<void> {
  const passed = () => bot.output().split('time has passed').length;
  const before = passed();
  bot.signal('SIGUSR2');
  await eventually(() => passed() > before);
}

async function passUntil(bots: readonly BotProcess[], claim: () => boolean | Promise<boolean>) {
  for (let nth = 1; !(await claim()); nth += 1) {
    if (nth === 60) throw new Error(`not true within ten minutes: ${claim}`);
    await Promise.all(bots.map(pass));
  }
}

const seen = ({ sandbox }: Night, accepts: (message: Message) => boolean, as = 'U0BEN') =>
  sandbox.people.messagesSeenBy(as, CHANNEL).filter(accepts).length;
const hears = (night: Night, as: string, words: RegExp) =>
  seen(night, ({ isEphemeral, text }) => isEphemeral && words.test(text), as);

const isLoop = ({ text, threadTs, isEphemeral }: Message) =>
  !isEphemeral && threadTs === undefined && text.includes('keep crashing');

const refused = ({ sandbox }: Night, method: string) =>
  sandbox.calls.filter((call) => call.method === method && call.status === 429).length;

async function addThird({ redis }: Night): Promise<void> {
  await redis.lpush('queue:default', JSON.stringify({ class: THIRD, jid: 'a', args: [], created_at: 1 }));
}

/** Ann asks for the purge of the third class. */
const proposeThird = ({ sandbox }: Night) =>
  sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq purge ${THIRD} --reason it is late` });

test('all methods: an action runs on, a press is refused in words and works later, and all else is said once it is over', async () => {
  await using night = await startNight({ env: LEAPING, settings: { alerts: { channel: CHANNEL } } });
  const { sandbox, bot } = night;
  await night.fill(3000);
  await addThird(night);
  const running = await night.propose();
  const waiting = await night.propose(FINE);
  sandbox.faults.limit(RETRY_AFTER_S, ['chat.update', 'chat.postMessage']);
  await night.approve(running);
  await proposeThird(night);
  await passUntil(
    [bot],
    () => hears(night, 'U0ANN', /proposed as .*could not post.*takes nothing more/s) === 1,
  );
  await eventually(async () => (await night.left()).bad === 0, 60_000);

  sandbox.faults.limit(RETRY_AFTER_S);
  await crashWorkers(night);
  await night.approve(waiting);
  await passUntil([bot], () => hears(night, 'U0BEN', /Slack could not be asked.*does not count/s) === 1);
  // Not even the way by which a person is answered is open.
  sandbox.faults.failNext('response_url', { kind: 'rate_limited', retryAfterS: RETRY_AFTER_S }, 2);
  await sandbox.people.say({ as: 'U0CLEO', channel: CHANNEL, text: '/sidekiq health' });
  await passUntil([bot], () => refused(night, 'chat.update') > 5 && refused(night, 'chat.postMessage') > 5);
  expect(await night.left()).toEqual({ bad: 0, fine: 3000 });
  expect(seen(night, isLoop) + seen(night, (message) => asksFor(message, THIRD))).toBe(0);

  sandbox.faults.unlimit();
  await passUntil(
    [bot],
    () => seen(night, isLoop) > 0 && seen(night, (message) => asksFor(message, THIRD)) > 0,
  );
  await passUntil(
    [bot],
    () => seen(night, ({ ts, text }) => ts === running.ts && text.includes('3,000 of 3,000')) > 0,
  );
  await passUntil([bot], () => hears(night, 'U0CLEO', /./) > 0);
  await night.approve(waiting);
  await eventually(async () => (await night.left()).fine === 0, 60_000);
  expect(seen(night, isLoop)).toBe(1);
  expect(seen(night, (message) => asksFor(message, THIRD))).toBe(1);
  expect(hears(night, 'U0CLEO', /./)).toBe(1);
  expect(night.acknowledgedInTime()).toBe(true);
}, 300_000);

test('posts alone, with two bots: neither takes the other for dead, and a proposal is posted once', async () => {
  await using postgres = await startPostgresServer();
  await using night = await startNight({ env: LEAPING, databaseUrl: await postgres.createDatabase() });
  const bots = [night.bot, await night.startBot({ HTTP_PORT: '0' })];
  await addThird(night);
  await night.redis.sadd('queues', 'default');
  night.sandbox.faults.limit(RETRY_AFTER_S, ['chat.postMessage']);
  await proposeThird(night);
  await passUntil(bots, () => refused(night, 'chat.postMessage') > 6);
  night.sandbox.faults.unlimit();
  const posts = () => seen(night, (message) => asksFor(message, THIRD));
  await passUntil(bots, () => posts() > 0);
  // Each looks once a minute for messages that are behind.
  for (let nth = 0; nth < 7; nth += 1) await Promise.all(bots.map(pass));
  expect(posts()).toBe(1);
}, 300_000);
