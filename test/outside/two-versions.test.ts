import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/open.ts';
import { NEWEST } from '../../src/store/schema.ts';
import { type BotProcess, startBotProcess } from '../bot-process.ts';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { job } from '../redis/reading.ts';
import { startRedisServer } from '../redis-server.ts';

/** This version and the next on one store, as processes: side by side, one killed and started again, put back, or refused. */

const CHANNEL = 'C0PAYROLL';
const NEXT = { usableFrom: NEWEST };
/** What a migration says that does more than add. */
const BREAKING = { usableFrom: NEWEST + 1 };

type Version = { readonly usableFrom: number } | undefined;

type Running = { readonly bot: BotProcess; readonly port: number };

/** Slack reaches the bots over HTTP, so that the test says which of them a command or a press reaches. */
async function setStage() {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startRedisServer());
  const redis = new Redis(server.url);
  opened.defer(() => redis.disconnect());
  const sandbox = opened.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-versions');
  opened.defer(() => folder.remove());
  const settings = {
    sidekiqs: { payroll: { redis: server.url, poll: '1s' } },
    approvals: { requesters: ['U0ANN'], approvers: ['U0BEN'] },
  };
  await writeFile(`${folder.path}/settings.yml`, JSON.stringify(settings));
  const bots: BotProcess[] = [];
  opened.defer(async () => {
    await Promise.all(bots.map((bot) => bot[Symbol.asyncDispose]()));
  });
  const launch = async (databaseUrl: string, version: Version): Promise<Running> => {
    const next = new URL(`run-with-next-migration.ts?usableFrom=${version?.usableFrom}`, import.meta.url);
    const port = await findFreePort();
    const bot = await startBotProcess({
      SLACK_API_URL: sandbox.apiUrl,
      SLACK_BOT_TOKEN: sandbox.botToken,
      SLACK_SIGNING_SECRET: sandbox.signingSecret,
      POISON_CONTROL_CONFIG: `${folder.path}/settings.yml`,
      DATABASE_URL: databaseUrl,
      HTTP_PORT: String(port),
      ...(version === undefined ? {} : { NODE_OPTIONS: `--import=${next.href}` }),
    });
    bots.push(bot);
    return { bot, port };
  };
  const { people } = sandbox;
  const reach = ({ port }: Running) => sandbox.deliverOverHttp(`http://127.0.0.1:${port}/slack/events`);
  const stack = opened.move();
  return {
    sqliteUrl: `sqlite:${folder.path}/store.sqlite`,
    launch,
    start: async (databaseUrl: string, version?: Version) => {
      const running = await launch(databaseUrl, version);
      await running.bot.runs();
      return running;
    },
    /** Ann asks one bot, Ben agrees at the other, and the jobs are gone. */
    purge: async (asked: Running, pressed: Running) => {
      const jobClass = `Bad${randomUUID().slice(0, 8)}Job`;
      await redis.sadd('queues', 'default');
      await redis.lpush('queue:default', job(jobClass), job(jobClass));
      reach(asked);
      await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq purge ${jobClass} --reason bad` });
      const message = await people.waitForMessage(
        'U0BEN',
        ({ isEphemeral, threadTs, text }) =>
          !isEphemeral && threadTs === undefined && text.includes(jobClass) && text.includes('waits for'),
        20_000,
      );
      reach(pressed);
      await people.pressButton('U0BEN', message, 'Approve');
      await eventually(
        async () => !(await redis.lrange('queue:default', 0, -1)).some((text) => text.includes(jobClass)),
        30_000,
      );
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function killed({ bot }: Running): Promise<void> {
  bot.signal('SIGKILL');
  await bot.exited;
}

async function stopped({ bot }: Running): Promise<void> {
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
}

test('side by side on one PostgreSQL: each carries out what the other proposed, and the older one, killed, starts again', async () => {
  await using postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase();
  await using stage = await setStage();
  const older = await stage.start(databaseUrl);
  const newer = await stage.start(databaseUrl, NEXT);
  await stage.purge(older, newer);
  await stage.purge(newer, older);
  await killed(older);
  const again = await stage.start(databaseUrl);
  await stage.purge(again, newer);
  await stopped(newer);
  await stage.purge(again, again);
  const undone = await stage.start(databaseUrl, NEXT);
  await stopped(again);
  await stage.purge(undone, undone);
  // Read by a tool of this version beside it.
  await using store = await openStore(databaseUrl, { isReadOnly: true });
  expect((await store.latestRecords(200)).filter(({ what }) => what === 'started')).toHaveLength(5);
}, 240_000);

test('on one SQLite file one after the other, forth and back', async () => {
  await using stage = await setStage();
  for (const version of [undefined, NEXT, undefined, NEXT]) {
    const bot = await stage.start(stage.sqliteUrl, version);
    await stage.purge(bot, bot);
    await stopped(bot);
  }
}, 180_000);

test('where the next version did more than add, this one refuses to start and says so', async () => {
  await using postgres = await startPostgresServer();
  await using stage = await setStage();
  for (const databaseUrl of [await postgres.createDatabase(), stage.sqliteUrl]) {
    await stopped(await stage.start(databaseUrl, BREAKING));
    const { bot } = await stage.launch(databaseUrl, undefined);
    expect(await bot.exited).toEqual({ code: 1, signal: null });
    expect(bot.output()).toContain(
      `The store has schema ${NEWEST + 1} and this program knows ${NEWEST}: a newer version wrote it, which this one can't work beside.`,
    );
  }
}, 120_000);
