import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/core/alerts/alert.ts';
import { freezeAlerts } from '../../src/core/alerts/memory.ts';
import { notesOver } from '../../src/flow/notes.ts';
import type { Message } from '../../src/sandbox/page/api.ts';
import { openStore } from '../../src/store/open.ts';
import { weeksBefore } from '../core/history/weeks.ts';
import { eventually } from '../eventually.ts';
import { clientOf } from '../sandbox/bolt-app.ts';
import { CHANNEL, reads, type StageOptions, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

const isLoop = (message: Message): boolean =>
  !message.isEphemeral && message.threadTs === undefined && message.text.includes('keep crashing');

test('a crash loop is one message, over a restart of the bot too, and a button mutes it', async () => {
  await using stage = await setStage({ alerts: { channel: CHANNEL } });
  const { people } = stage.sandbox;
  const redis = new Redis(stage.redisUrl);
  const loops = () => people.messagesSeenBy('U0BEN', CHANNEL).filter(isLoop);
  /** How often the bot has looked: each snapshot begins with Redis's own time. */
  const looks = async (): Promise<number> =>
    Number(/cmdstat_time:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  /** It beats for as long as the bot needs to have looked twice, is killed, and its hash expires. */
  const crash = async (host: string) => {
    const worker = await startWorker(stage.redisUrl, host);
    const before = await looks();
    await eventually(async () => (await looks()) >= before + 2);
    await worker[Symbol.asyncDispose]();
    await redis.del(worker.identity);
  };
  const first = await stage.startBot();
  await Promise.all(['worker-1', 'worker-2', 'worker-3'].map(crash));
  const message = await people.waitForMessage('U0BEN', isLoop, 20_000);
  expect(message.text).toContain('3 since');
  await first.stop();

  await stage.startBot();
  await people.pressButton('U0BEN', message, 'Mute 1 h');
  await reads(stage, message, 'Muted by', 60_000);
  expect(loops()).toHaveLength(1);
  await redis.quit();
});

/**
 * A store as a bot left it that had watched for five weeks, forty jobs at most hours, and had seen a backlog begin ten
 * minutes ago: too short a time for the one before it to tell.
 */
async function aPast(url: string): Promise<void> {
  await using store = await openStore(url);
  const nowMs = Date.now();
  await store.fillSamples('payroll', weeksBefore(nowMs + 600_000));
  const pending: Alert = {
    key: 'backlog',
    phase: 'pending',
    trouble: { kind: 'backlog', queues: [], queueCount: 1, jobs: 4000, mostJobs: 4000 },
    sinceMs: nowMs - 600_000,
    phaseAtMs: nowMs - 600_000,
  };
  const text = freezeAlerts({ state: { alerts: [pending] }, digests: [] });
  await notesOver(store).save('alerts/payroll', text);
}

/** Five thousand jobs wait, or so many more. */
async function fill(redis: Redis, jobs = 5000): Promise<void> {
  await redis.sadd('queues', 'default');
  const job = JSON.stringify({ class: 'SyncJob', jid: 'a', args: [], enqueued_at: Date.now() / 1000 });
  await redis.lpush('queue:default', ...Array.from({ length: jobs }, () => job));
}

/** A bot with that past before five thousand waiting jobs. */
async function aBacklog(options: StageOptions) {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-past-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const url = `sqlite:${join(folder, 'store.sqlite')}`;
  await aPast(url);
  const stage = opened.use(await setStage(options));
  opened.use(await startWorker(stage.redisUrl, 'worker-1'));
  const redis = new Redis(stage.redisUrl);
  opened.defer(async () => void (await redis.quit()));
  await fill(redis);
  const bot = await stage.startBot(url);
  const stack = opened.move();
  return {
    stage,
    people: stage.sandbox.people,
    url,
    redis,
    bot,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test('a backlog beyond usual is one message with what is usual, taken up by name, and kept for the morning', async () => {
  await using night = await aBacklog({ alerts: { channel: CHANNEL } });
  const { stage, people, url, bot } = night;
  const isBacklog = ({ text, threadTs }: Message): boolean =>
    threadTs === undefined && text.includes('5,000 jobs wait, usually 40 at this hour');
  const message = await people.waitForMessage('U0BEN', isBacklog, 30_000);
  await people.pressButton('U0BEN', message, 'Acknowledge');
  await reads(stage, message, 'Acknowledged by', 60_000);
  expect(people.messagesSeenBy('U0BEN', CHANNEL).filter(isBacklog)).toHaveLength(1);

  const { stdout } = await stage.tool('sidekiq -- health --json', url);
  expect(JSON.parse(stdout)).toMatchObject({
    waiting: { jobs: 5000, usual: { median: 40, basis: 'same weekday', days: 5 } },
  });
  const inWords = await stage.tool('sidekiq -- backlog', url);
  expect(inWords.stdout).toMatch(/5,000 jobs wait \(in queues usually 40 at\s+this hour\)/);
  await bot.stop();

  await using store = await openStore(url);
  const incidents = await store.incidents('payroll', { fromMs: 0, toMs: Date.now() });
  expect(incidents).toMatchObject([{ bendsFigures: true, untilMs: undefined }]);
});

test('where no channel is named for alerts nothing is said, and the incident is kept all the same', async () => {
  await using night = await aBacklog({});
  const { people, url } = night;
  await eventually(async () => {
    await using store = await openStore(url, { isReadOnly: true });
    const kept = await store.incidents('payroll', { fromMs: 0, toMs: Date.now() });
    return kept.some(({ bendsFigures }) => bendsFigures);
  }, 30_000);
  expect(people.messagesSeenBy('U0BEN', CHANNEL)).toEqual([]);
});

test('an alert whose message somebody deletes is posted anew as it is by now', async () => {
  await using night = await aBacklog({ alerts: { channel: CHANNEL } });
  const { stage, people, redis } = night;
  const first = await people.waitForMessage('U0BEN', ({ text }) => text.includes('5,000 jobs wait'), 30_000);
  await clientOf(stage.sandbox).chat.delete({ channel: CHANNEL, ts: first.ts });
  await fill(redis, 2000);
  const second = await people.waitForMessage('U0BEN', ({ text }) => text.includes('7,000 jobs wait'), 30_000);
  expect(second.threadTs).toBeUndefined();
});

test('alerts that would go to a channel of another company too go nowhere, and the audit channel hears of it', async () => {
  await using night = await aBacklog({ alerts: { channel: 'C0VENDOR' }, audit: { channel: 'C0AUDIT' } });
  const { people } = night;
  const refused = await people.waitForMessage('U0BEN', ({ text }) => text.includes('did not reach'), 30_000);
  expect(refused.text).toContain('C0VENDOR');
  expect(refused.text).toContain('shared with another organisation');
  expect(people.messagesSeenBy('U0BEN', 'C0VENDOR')).toEqual([]);
});
