import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { valueOn } from '../outside/stage.ts';
import { job } from '../redis/reading.ts';
import { asksFor, CHANNEL, crashWorkers, FINE, type Night, startNight } from './night.ts';

/** SIGTERM in the middle of everything: the bot ends as asked and in time, the next one goes on, and the record holds. */

const LISTS = Array.from(
  { length: 6 },
  (_, nth) => `queue:sq|gone-${nth}:1:${String(nth).padStart(12, '0')}|default`,
);
const QUEUE = 'queue:default';
const BAD = 'Recurring::DisasterJob';
/** As Redis answers where it must last until the signal; what is done is over in a blink otherwise. */
const SLOW_ANSWER_MS = 60;

/** What is about to be approved, when it is in its middle, and what must be so when the next bot has ended it. */
type Deed = {
  readonly message: Message;
  readonly isInMiddle: (night: Night) => Promise<boolean>;
  readonly isOver: RegExp;
  readonly ended: (night: Night) => Promise<void>;
};

const fresh = (count: number, jobClass = 'PayrollRunJob') =>
  Array.from({ length: count }, () => job(jobClass, { created_at: Date.now() }));

/** Ann asks for it; its message as soon as it stands there. */
async function proposed({ sandbox: { people } }: Night, command: string, asks: string): Promise<Message> {
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq ${command} --reason it has to be` });
  return people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, threadTs, text }) =>
      !isEphemeral && threadTs === undefined && text.includes(asks) && text.includes('waits for approval'),
    30_000,
  );
}

const idOf = (message: Message) => valueOn(message, 'Approve').split('/')[0] ?? '';
const waiting = ({ redis }: Night) => redis.lrange(QUEUE, 0, -1);

/** All of these wait, each once, and nothing else does. */
async function expectWaiting(night: Night, jobs: readonly string[]): Promise<void> {
  expect((await waiting(night)).toSorted()).toEqual(jobs.toSorted());
}

async function strand(night: Night): Promise<readonly string[]> {
  const jobs = fresh(3000);
  for (const [nth, list] of LISTS.entries())
    await night.redis.lpush(list, ...jobs.slice(nth * 500, nth * 500 + 500));
  return jobs;
}

async function purging(night: Night): Promise<Deed> {
  await night.fill(8000);
  return {
    message: await night.propose(),
    isInMiddle: async (now) => (await now.left()).bad < 8000,
    isOver: /8,000 of 8,000/,
    ended: async (now) => expect(await now.left()).toEqual({ bad: 0, fine: 8000 }),
  };
}

async function rescuing(night: Night): Promise<Deed> {
  const jobs = await strand(night);
  return {
    message: await proposed(night, 'migrate rescue', 'rescue 3,000 stranded jobs'),
    isInMiddle: async ({ redis }) => (await redis.llen(QUEUE)) > 0,
    isOver: /3,000 jobs are back in their queues/,
    ended: async (now) => {
      await expectWaiting(now, jobs);
      expect(await now.redis.exists(...LISTS)).toBe(0);
    },
  };
}

async function undoing(night: Night): Promise<Deed> {
  await strand(night);
  const rescue = await proposed(night, 'migrate rescue', 'rescue 3,000 stranded jobs');
  await night.approve(rescue);
  await night.reads(rescue, /: done/);
  const other = fresh(1);
  await night.redis.lpush(QUEUE, ...other);
  return {
    message: await proposed(night, `migrate undo ${idOf(rescue)}`, 'archive 3,000 jobs'),
    isInMiddle: async ({ redis }) => (await redis.llen(QUEUE)) < 3001,
    isOver: /3,000 jobs are archived again/,
    ended: (now) => expectWaiting(now, other),
  };
}

/** All of a class are archived; the purge's message. */
async function purge(night: Night, jobs: readonly string[]): Promise<Message> {
  await night.redis.sadd('queues', 'default');
  for (let from = 0; from < jobs.length; from += 1000)
    await night.redis.lpush(QUEUE, ...jobs.slice(from, from + 1000));
  const message = await night.propose();
  await night.approve(message);
  const all = jobs.length.toLocaleString('en-US');
  await night.reads(message, new RegExp(`${all} of ${all} done`));
  return message;
}

async function restoring(night: Night): Promise<Deed> {
  const jobs = fresh(12_000, BAD);
  const message = await purge(night, jobs);
  await night.stop(message);
  return {
    message: await proposed(night, `restore ${idOf(message)}`, 'asks to restore'),
    isInMiddle: async ({ redis }) => (await redis.llen(QUEUE)) > 0,
    isOver: /watches for crashes until/,
    ended: (now) => expectWaiting(now, jobs),
  };
}

test.each([
  ['a purge', purging],
  ['a rescue', rescuing],
  ['an undo', undoing],
  ['a restore', restoring],
])(
  'in the middle of %s: the bot ends between two steps, the next one does the rest, each job once',
  async (_, prepare) => {
    await using night = await startNight({ persistent: true });
    const deed = await prepare(night);
    night.line.delayMs = SLOW_ANSWER_MS;
    await night.approve(deed.message);
    await eventually(() => deed.isInMiddle(night), 60_000);
    await endAsAsked(night);
    expect(await night.reads(deed.message, /./)).not.toMatch(deed.isOver);
    night.line.delayMs = 0;
    await night.startBot();
    await night.reads(deed.message, deed.isOver);
    await deed.ended(night);
  },
  240_000,
);

test('what was approved in that very instant, here a write-off, is carried out by the next bot', async () => {
  await using night = await startNight({ persistent: true });
  const purged = await purge(night, fresh(500, BAD));
  await night.stop(purged);
  const message = await proposed(night, `writeoff ${idOf(purged)}`, 'asks to write off');
  await night.approve(message);
  await endAsAsked(night);
  await night.startBot();
  expect(await night.reads(message, /500 jobs are written off/)).toContain(': done');
  await expectWaiting(night, []);
  expect(await night.tool('audit-verify')).toMatch(/^ok \d+ records/);
}, 120_000);

test('while a purge sweeps: what comes back meanwhile is taken by the next bot, to the same end', async () => {
  await using night = await startNight({ persistent: true });
  const jobs = fresh(50, BAD);
  const message = await purge(night, jobs);
  await endAsAsked(night);
  await night.redis.lpush(QUEUE, ...jobs.slice(0, 3));
  await night.startBot();
  await eventually(async () => (await waiting(night)).length === 0, 60_000);
  expect(await night.stop(message)).toMatch(/53 jobs were archived/);
  expect(await night.tool('audit-verify')).toMatch(/^ok \d+ records/);
}, 120_000);

test('windows that are open: the next bot takes what is sent off, a denial and a proposal', async () => {
  await using night = await startNight();
  const { people } = night.sandbox;
  await night.fill(10);
  const message = await night.propose();
  await people.pressButton('U0BEN', message, 'Deny');
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq purge ${FINE}` });
  const windowOf = (as: string) => people.waitFor(() => people.modalsOf(as).at(-1));
  const windows = [await windowOf('U0BEN'), await windowOf('U0ANN')] as const;
  await endAsAsked(night);
  await night.startBot();
  for (const { id, blocks } of windows) {
    const as = id === windows[0].id ? 'U0BEN' : 'U0ANN';
    const field = /"element":\{[^}]*"action_id":"([^"]+)"/.exec(JSON.stringify(blocks))?.[1] ?? '';
    await people.submit({ as, viewId: id, values: { reason: { [field]: 'we deploy at noon' } } });
  }
  expect(await night.reads(message, /: denied/)).toContain('we deploy at noon');
  expect(await night.left()).toEqual({ bad: 10, fine: 10 });
  const isIt = (message: Message) => asksFor(message, FINE);
  await night.approve(await people.waitForMessage('U0BEN', isIt, 30_000));
  await eventually(async () => (await night.left()).fine === 0, 60_000);
}, 120_000);

test('while Slack holds back an alert, edits and the head of the audit log: it waits for none of them, and the next bot says each once', async () => {
  const settings = { alerts: { channel: 'C0ALERTS' }, audit: { channel: 'C0AUDIT' } };
  await using night = await startNight({ persistent: true, settings });
  const { sandbox } = night;
  await night.fill(500);
  const message = await night.propose();
  sandbox.faults.limit(30, ['chat.postMessage', 'chat.update']);
  await night.approve(message);
  await crashWorkers(night);
  await eventually(() => refused(night, 'chat.update', CHANNEL) > 0);
  await eventually(() => refused(night, 'chat.postMessage', 'C0ALERTS') > 0, 60_000);
  await endAsAsked(night);
  // The next one finds the message behind, and waits for Slack as well.
  const before = refused(night, 'chat.update', CHANNEL);
  const second = await night.startBot();
  await eventually(() => refused(night, 'chat.update', CHANNEL) > before);
  await endAsAsked(night, second);
  sandbox.faults.unlimit();
  await night.startBot();
  await night.takesAll(message, 500, 60_000);
  const loops = () =>
    sandbox.people
      .messagesSeenBy('U0BEN', 'C0ALERTS')
      .filter(({ threadTs, text }) => threadTs === undefined && text.includes('keep crashing'));
  await eventually(() => loops().length > 0);
  await sandbox.people.waitForMessage('U0BEN', ({ channel }) => channel === 'C0AUDIT', 90_000);
  expect(loops()).toHaveLength(1);
}, 240_000);

const refused = ({ sandbox }: Night, method: string, channel: string) =>
  sandbox.calls.filter(
    (call) => call.method === method && call.status === 429 && call.args['channel'] === channel,
  ).length;

async function endAsAsked(night: Night, bot = night.bot): Promise<void> {
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  expect(await night.tool('audit-verify')).toMatch(/^ok \d+ records/);
}
