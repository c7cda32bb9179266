import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { verifyChain } from '../../src/core/audit/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { backendFor, openStore } from '../../src/store/open.ts';
import { type BotProcess, startBotProcess } from '../bot-process.ts';
import { chainOf, entryNumber } from '../core/audit/chain.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { blocksOf } from './pages.ts';
import { openStage, runs, shell } from './stage.ts';

/** What the guides say of backups, done as they say it, for both kinds of store. */

const say = (store: Store, result: string) =>
  store.transact((tx) => tx.append([{ ...entryNumber(1), result }]));

/** What the audit log tells, oldest first. */
async function told(databaseUrl: string): Promise<readonly string[]> {
  await using store = await openStore(databaseUrl, { isReadOnly: true });
  expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound' });
  return (await store.latestRecords(100))
    .filter(({ what }) => what !== 'settings changed')
    .map(({ what, result }) => (what === 'vote' ? result : what))
    .toReversed();
}

async function stopped(bot: BotProcess): Promise<void> {
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
}

test('a PostgreSQL store is dumped beside a bot and restored without it: all is as it was then, and a bot goes on from there', async () => {
  await using stage = await openStage();
  await using postgres = await startPostgresServer();
  const env = { ...stage.env, DATABASE_URL: await postgres.createDatabase() };
  const [dump, restore] = blocksOf('sh-postgres');
  const evidence = (text: string) => ({ format: 1, body: new TextEncoder().encode(text) });
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await using store = await openStore(env.DATABASE_URL);
    await say(store, 'before');
    await store.saveEvidence('elsewhere', evidence('before'));
    await runs(dump?.text ?? 'false', env);
    await say(store, 'after');
    await store.saveEvidence('elsewhere', evidence('after'));
    await stopped(bot);
  }
  expect(await told(env.DATABASE_URL)).toEqual(['bot started', 'before', 'after', 'bot stopped']);
  await runs(restore?.text ?? 'false', env);
  expect(await told(env.DATABASE_URL)).toEqual(['bot started', 'before']);
  await using bot = await startBotProcess(env);
  await bot.runs();
  expect(await told(env.DATABASE_URL)).toEqual(['bot started', 'before', 'bot started']);
  expect(await runs('npm run -s audit:verify', env)).toMatch(/^ok \d+ records/);
  await using store = await openStore(env.DATABASE_URL);
  expect(Buffer.from((await store.evidence('elsewhere'))?.body ?? []).toString()).toBe('before');
}, 60_000);

test('a dump of an older version is restored over newer tables, and brought up to date by a bot', async () => {
  await using stage = await openStage();
  await using postgres = await startPostgresServer();
  const env = { ...stage.env, DATABASE_URL: await postgres.createDatabase() };
  const [dump, restore] = blocksOf('sh-postgres');
  await makeOldStore(env.DATABASE_URL, chainOf(5));
  await runs(dump?.text ?? 'false', env);
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await stopped(bot);
  }
  await runs(restore?.text ?? 'false', env);
  await expect(told(env.DATABASE_URL)).rejects.toMatchObject({ code: 'schema_older' });
  await using bot = await startBotProcess(env);
  await bot.runs();
  const results = chainOf(5).map((line) => JSON.parse(line).result);
  expect(await told(env.DATABASE_URL)).toEqual([...results, 'bot started']);
}, 60_000);

/** As the first version left it. */
async function makeOldStore(databaseUrl: string, lines: readonly string[]): Promise<void> {
  const { words } = await backendFor(databaseUrl, true);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const [first] = MIGRATIONS;
  if (first === undefined) throw new Error('no migration');
  await client.query(
    'create table poison_control_migrations (number bigint not null primary key, name text not null)',
  );
  for (const statement of first.statements(words)) await client.query(statement);
  await client.query('insert into poison_control_migrations values (1, $1)', [first.name]);
  for (const [index, line] of lines.entries()) {
    await client.query('insert into audit_records (number, line) values ($1, $2)', [index + 1, line]);
  }
  await client.end();
}

test('a SQLite store is restored over one whose bot was killed, and the bot goes on from the copy', async () => {
  await using stage = await openStage();
  const file = stage.env.DATABASE_URL.slice('sqlite:'.length);
  const env = { ...stage.env, STORE: file };
  const [restore] = blocksOf('sh-sqlite');
  const backup = blocksOf('sh').find(({ text }) => text.includes('store:backup'));
  {
    await using store = await openStore(env.DATABASE_URL);
    await say(store, 'before');
  }
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await runs(backup?.text ?? 'false', env);
    await stopped(bot);
  }
  {
    await using store = await openStore(env.DATABASE_URL);
    await say(store, 'after');
  }
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    bot.signal('SIGKILL');
    await bot.exited;
  }
  expect(existsSync(`${file}-wal`)).toBe(true);
  await runs(restore?.text ?? 'false', env);
  await using bot = await startBotProcess(env);
  await bot.runs();
  expect(await told(env.DATABASE_URL)).toEqual(['before', 'bot started', 'bot started']);
}, 60_000);

test('a copy of a SQLite store that is being written is whole, starts a bot, and overwrites nothing', async () => {
  await using stage = await openStage();
  await using store = await openStore(stage.env.DATABASE_URL);
  await store.transact((tx) => tx.append(Array.from({ length: 20 }, (_, index) => entryNumber(index))));
  const to = join(stage.env.BACKUPS, 'copy.sqlite');
  // As on most machines: what is made is for everybody to read.
  const backup = () => shell(`umask 022; npm run -s store:backup -- ${to}`, stage.env);
  const writing = (async () => {
    for (let nth = 0; nth < 100; nth += 1) await store.transact((tx) => tx.append([entryNumber(nth)]));
  })();
  const made = await backup();
  await writing;
  expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^ok .* \d+ records head/) });
  // It holds the arguments of archived jobs.
  expect(statSync(to).mode & 0o777).toBe(0o600);
  expect((await backup()).code).toBe(2);
  const nowhere = await shell('npm run -s store:backup -- "$BACKUPS/none/copy.sqlite"', stage.env);
  expect(nowhere).toMatchObject({ code: 2, output: expect.stringContaining('could not be copied') });
  const ofNothing = await shell('npm run -s store:backup -- "$BACKUPS/nothing.sqlite"', {
    ...stage.env,
    DATABASE_URL: `sqlite:${stage.env.BACKUPS}/no-store.sqlite`,
  });
  expect(ofNothing.code).toBe(2);
  expect(readdirSync(stage.env.BACKUPS).filter((name) => name.startsWith('no'))).toEqual([]);
  await using restored = await openStore(`sqlite:${to}`);
  const { count } = await restored.auditHead();
  expect(count).toBeGreaterThanOrEqual(20);
  await restored.transact((tx) => tx.append([entryNumber(1)]));
  expect((await restored.auditHead()).count).toBe(count + 1);
});
