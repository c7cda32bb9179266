import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type ChainableCommander, Redis } from 'ioredis';
import { expect } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import type { Message } from '../../src/sandbox/page/api.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type BotProcess, startBotProcess } from '../bot-process.ts';
import { eventually } from '../eventually.ts';
import { startWorker } from '../outside/worker.ts';
import { job } from '../redis/reading.ts';
import { type RedisServer, startRedisServer } from '../redis-server.ts';
import { Line } from './line.ts';
import type { MemoryCap } from './memory-cap.ts';

export const CHANNEL = 'C0PAYROLL';
/** A purge of twenty thousand jobs then takes seconds. */
const SLOW_ANSWER_MS = 60;
const BAD = 'Recurring::DisasterJob';
export const FINE = 'PayrollRunJob';
const QUEUE_KEYS = ['queue:default', 'queue:default~parked-by-poison-control'];

/** The bot as its own process on a bad night: a line to Redis that can be spoiled, people who act, a class to be purged. */
export type Night = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly server: RedisServer;
  /** Past the line. */
  readonly redis: Redis;
  readonly line: Line;
  bot: BotProcess;
  /** The next one, with more in its environment. */
  startBot(env?: Record<string, string>): Promise<BotProcess>;
  /** One more beside it, on this store. */
  startAnother(databaseUrl: string): Promise<Replica>;
  /** Types it until this person alone is told something that reads so. */
  ask(text: string, words: RegExp, as?: string): Promise<string>;
  /** Ann asks for the purge of a class, if not named the bad one. */
  propose(jobClass?: string): Promise<Message>;
  /** Ben agrees. */
  approve(message: Message): Promise<void>;
  /**
   * Ben agrees, and it is in its middle: some of so many jobs are gone. Redis answers slowly from then on, for a purge is over
   * in a blink; `line.delayMs = 0` lets it go on as usual.
   */
  approveAndCatch(message: Message, count: number): Promise<void>;
  /** Ann stops it; gives how its message ends. */
  stop(message: Message): Promise<string>;
  /** Waits until the proposal's message reads so, and gives it. */
  reads(message: Message, words: RegExp): Promise<string>;
  /** Puts that many jobs of both classes there. */
  fill(count: number): Promise<void>;
  left(): Promise<{ readonly bad: number; readonly fine: number }>;
  /** Waits until the purge has taken the class of `fill(count)`, and sees that it took nothing else and says so. */
  takesAll(message: Message, count: number, withinMs: number): Promise<void>;
  metric(line: RegExp): Promise<number>;
  /** What `/readyz` says. */
  ready(): Promise<{ readonly code: number; readonly text: string }>;
  /** What a program of src/bin says of the store. */
  tool(name: 'audit-verify' | 'audit-export'): Promise<string>;
  /** Each delivery that reached the bot was acknowledged within its three seconds. */
  acknowledgedInTime(): boolean;
};

type Replica = { readonly bot: BotProcess; metric(line: RegExp): Promise<number> };

export type NightOptions = {
  readonly redis?: readonly string[];
  /** NAME:PASSWORD of whom the bot is to Redis; nobody in particular without. */
  readonly user?: string;
  readonly persistent?: boolean;
  readonly databaseUrl?: string;
  /** More of the settings' file. */
  readonly settings?: object;
  /** Where alerts are told; nowhere if not given. */
  readonly alerts?: string;
  /** How Slack reaches the bot; the default is the socket. */
  readonly mode?: 'socket' | 'http';
  /** More of the bot's environment. */
  readonly env?: Record<string, string>;
  /** What the bot may need of memory. */
  readonly memory?: MemoryCap | undefined;
};

/** For `env`: a bot whose clock goes ten seconds forward at each `leap`. */
export const LEAPING = { NODE_OPTIONS: `--import ${new URL('leaping-clock-child.ts', import.meta.url)}` };

/** Is this the message of a purge of that class which waits for approval? */
export function asksFor({ isEphemeral, threadTs, text }: Message, jobClass = BAD): boolean {
  const asks = !isEphemeral && threadTs === undefined && /asks to purge .*waits for/s.test(text);
  return asks && text.includes(jobClass);
}

/** Three workers are seen alive, are killed, and their hashes expire: for the bot, a crash loop. */
export async function crashWorkers({ server, redis, metric }: Night): Promise<void> {
  const alive = /^sidekiq_processes\{sidekiq="payroll",state="alive"\} (\d+)$/m;
  const crashed = /^sidekiq_process_ends_total\{sidekiq="payroll",end="crash"\} (\d+)$/m;
  const workers = await Promise.all([1, 2, 3].map((nth) => startWorker(server.url, `worker-${nth}`)));
  await eventually(async () => (await metric(alive)) === workers.length);
  for (const worker of workers) await worker[Symbol.asyncDispose]();
  await redis.del(...workers.map(({ identity }) => identity));
  await eventually(async () => (await metric(crashed)) === workers.length);
}

export async function startNight(options: NightOptions = {}): Promise<Night> {
  await using opened = new AsyncDisposableStack();
  const { redis: config = [], persistent = false, user } = options;
  const server = opened.use(await startRedisServer({ config, persistent }));
  const redis = new Redis(server.url, { enableReadyCheck: false, retryStrategy: () => 50 });
  redis.on('error', () => {});
  opened.defer(() => redis.disconnect());
  const line = opened.use(await new Line(server.port).open());
  const sandbox = opened.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-night');
  opened.defer(() => folder.remove());
  const settings = {
    sidekiqs: {
      payroll: {
        redis: `redis://${user === undefined ? '' : `${user}@`}127.0.0.1:${line.port}/0`,
        poll: '1s',
      },
    },
    approvals: { requesters: ['U0ANN'], approvers: ['U0BEN'], confirm_from: 1_000_000, expires: '1h' },
    ...options.settings,
    ...(options.alerts === undefined ? {} : { alerts: { channel: options.alerts } }),
  };
  await writeFile(`${folder.path}/settings.yml`, JSON.stringify(settings));
  const databaseUrl = options.databaseUrl ?? `sqlite:${folder.path}/store.sqlite`;
  const port = await findFreePort();
  const bots = new Set<BotProcess>();
  opened.defer(async () => {
    await Promise.all([...bots].map((bot) => bot[Symbol.asyncDispose]()));
  });
  const startOne = async (onPort: number, itsStore: string, more: Record<string, string> = {}) => {
    const env = {
      SLACK_API_URL: sandbox.apiUrl,
      SLACK_BOT_TOKEN: sandbox.botToken,
      ...(options.mode === 'http'
        ? { SLACK_SIGNING_SECRET: sandbox.signingSecret }
        : { SLACK_APP_TOKEN: sandbox.appToken }),
      POISON_CONTROL_CONFIG: `${folder.path}/settings.yml`,
      DATABASE_URL: itsStore,
      HTTP_PORT: String(onPort),
      ...options.env,
      ...more,
    };
    const bot = await startBotProcess(env);
    await options.memory?.add(bot.pid);
    bots.add(bot);
    await bot.runs();
    return bot;
  };
  const startBot = async (more: Record<string, string> = {}) => {
    const bot = await startOne(port, databaseUrl, more);
    if (options.mode === 'http') sandbox.deliverOverHttp(`http://127.0.0.1:${port}/slack/events`);
    return bot;
  };
  const { people } = sandbox;
  const told = (as: string) => people.messagesSeenBy(as, CHANNEL).filter(({ isEphemeral }) => isEphemeral);
  const stack = opened.move();
  const night: Night = {
    sandbox,
    server,
    redis,
    line,
    bot: await startBot(),
    startBot,
    startAnother: async (itsStore) => {
      const itsPort = await findFreePort();
      const bot = await startOne(itsPort, itsStore);
      return { bot, metric: (wanted) => metricAt(itsPort, wanted) };
    },
    ask: async (text, words, as = 'U0ANN') => {
      const before = new Set(told(as).map(({ ts }) => ts));
      const fresh = () => told(as).find((message) => !before.has(message.ts) && words.test(message.text));
      for (let nth = 1; fresh() === undefined; nth += 1) {
        await people.say({ as, channel: CHANNEL, text: `/sidekiq ${text}` });
        await eventually(() => fresh() !== undefined, 5000).catch(() => {
          if (nth === 6) throw new Error(`told: ${told(as).at(-1)?.text}`);
        });
      }
      return fresh()?.text ?? '';
    },
    propose: async (jobClass = BAD) => {
      const text = `/sidekiq purge ${jobClass} --reason it kills the workers`;
      await people.say({ as: 'U0ANN', channel: CHANNEL, text });
      const isIt = (message: Message) => asksFor(message, jobClass);
      return people.waitForMessage('U0BEN', isIt, 30_000).catch((cause: unknown) => {
        throw new Error(`told: ${told('U0ANN').at(-1)?.text}`, { cause });
      });
    },
    approve: (message) => people.pressButton('U0BEN', message, 'Approve').then(() => {}),
    approveAndCatch: async (message, count) => {
      line.delayMs = SLOW_ANSWER_MS;
      await night.approve(message);
      // Only counted: reading them all again and again would have the bot spare a slow Redis.
      await eventually(async () => {
        const [queue, parked] = await Promise.all(QUEUE_KEYS.map((key) => redis.llen(key)));
        return (queue ?? 0) + (parked ?? 0) > 0 && (queue ?? 0) + (parked ?? 0) < 2 * count;
      }, 60_000);
    },
    stop: async (message) => {
      const running = people.messagesSeenBy('U0ANN', CHANNEL).find(({ ts }) => ts === message.ts);
      await people.pressButton('U0ANN', running ?? message, 'Stop');
      return night.reads(message, /: stopped/);
    },
    reads: async ({ ts }, words) => {
      const now = () =>
        people.messagesSeenBy('U0BEN', CHANNEL).find((message) => message.ts === ts)?.text ?? '';
      await eventually(() => words.test(now()), 60_000).catch(() => {
        throw new Error(`the message reads: ${now()}`);
      });
      return now();
    },
    fill: async (count) => {
      await redis.sadd('queues', 'default');
      for (let from = 0; from < count; from += 1000) {
        const some = Array.from({ length: Math.min(1000, count - from) }, () => [job(BAD), job(FINE)]).flat();
        await redis.lpush('queue:default', ...some);
      }
    },
    left: async () => {
      // In one look: a purge parks a queue under another name and gives it back.
      const look = (at: ChainableCommander) =>
        QUEUE_KEYS.reduce((chain, key) => chain.lrange(key, 0, -1), at).exec();
      // A full Redis takes no MULTI; there the order sees to it that no job of the class is missed.
      const looks = await look(redis.multi()).catch(() => look(redis.pipeline()));
      const jobs = (looks ?? []).flatMap(([, payloads]) => payloads as string[]);
      return {
        bad: jobs.filter((payload) => payload.includes(BAD)).length,
        fine: jobs.filter((payload) => payload.includes(FINE)).length,
      };
    },
    takesAll: async (message, count, withinMs) => {
      await eventually(async () => (await night.left()).bad === 0, withinMs);
      expect(await night.left()).toEqual({ bad: 0, fine: count });
      const all = count.toLocaleString('en-US');
      expect(await night.reads(message, new RegExp(`${all} of ${all}`))).not.toContain('failed');
    },
    metric: (wanted) => metricAt(port, wanted),
    ready: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      return { code: answer.status, text: await answer.text() };
    },
    tool: async (name) => {
      const env = { ...process.env, DATABASE_URL: databaseUrl };
      return (await promisify(execFile)(process.execPath, [`src/bin/${name}.ts`], { env })).stdout;
    },
    acknowledgedInTime: () =>
      sandbox.deliveries
        // Between two connections Slack itself says to whoever typed that the app is not there.
        .filter(({ connections }) => connections.length > 0)
        .every(({ acks }) => acks.length > 0 && acks.every(({ isLate }) => !isLate)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return night;
}

async function metricAt(port: number, wanted: RegExp): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(wanted.exec(text)?.[1] ?? Number.NaN);
}
