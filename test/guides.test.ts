import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { verifyChain } from '../src/core/audit/verify.ts';
import type { Store } from '../src/ports/store.ts';
import { makeGuardedFolder } from '../src/sandbox/guarded.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { MIGRATIONS } from '../src/store/migrations/index.ts';
import { backendFor, openStore } from '../src/store/open.ts';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import { chainOf, entryNumber } from './core/audit/chain.ts';
import { eventually } from './eventually.ts';
import { startPostgresServer } from './postgres-server.ts';
import { job } from './redis/reading.ts';
import { killProcess, seedProcess } from './redis/rescue/seeds.ts';
import { startRedisServer } from './redis-server.ts';

/** Every command of the guides is run as it stands there: `sh` blocks in a shell, `slack` blocks in the sandbox. */

const GUIDES = readdirSync('docs/guides').map((name) => join('docs', 'guides', name));
const CHANNEL = 'C0PAYROLL';
const DEAD = 'dead-1:1:cccccccccccc';

function blocks(language: string): readonly { readonly text: string }[] {
  return GUIDES.flatMap((page) =>
    [
      ...readFileSync(page, 'utf8').matchAll(
        new RegExp(`^ *\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'),
      ),
    ].map(([, text = '']) => ({ page, text })),
  );
}

const shell = (text: string, env: Record<string, string>) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile('bash', ['-euo', 'pipefail', '-c', text], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });

async function openStage() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer());
  const redis = new Redis(server.url);
  await redis.sadd('processes', 'w:1:0123456789ab');
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', job('Recurring::DisasterJob'), job('PayrollRunJob'));
  // In the middle of a migration: one old process, one new one, and what a dead one has left.
  await seedProcess(redis, 'old-1:1:aaaaaaaaaaaa', { version: '7.3.10' });
  await seedProcess(redis, 'new-1:1:bbbbbbbbbbbb', { version: '7.3.10', isSuper: true });
  await seedProcess(redis, DEAD, { version: '7.3.10', isSuper: true });
  await killProcess(redis, DEAD);
  const fresh = { created_at: Date.now() / 1000 };
  await redis.lpush(`queue:sq|${DEAD}|default`, job('PayrollRunJob', fresh));
  await redis.quit();
  const sandbox = stack.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-guides');
  stack.defer(() => folder.remove());
  await mkdir(join(folder.path, 'backups'));
  const settings = {
    sidekiqs: { payroll: { redis: server.url } },
    approvals: { requesters: ['S0ONCALL'], approvers: ['S0LEADS'] },
  };
  await writeFile(join(folder.path, 'settings.yml'), JSON.stringify(settings));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    SLACK_API_URL: sandbox.apiUrl,
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_APP_TOKEN: sandbox.appToken,
    POISON_CONTROL_CONFIG: join(folder.path, 'settings.yml'),
    DATABASE_URL: `sqlite:${join(folder.path, 'store.sqlite')}`,
    BACKUPS: join(folder.path, 'backups'),
  };
  const open = stack.move();
  return { sandbox, env, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

test('every command for a shell runs as it stands there, beside the running bot', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  // The same line on two pages is run once.
  const lines = new Set(
    blocks('sh').flatMap(({ text }) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ),
  );
  expect(lines.size).toBeGreaterThan(6);
  for (const line of lines) {
    const { code, output } = await shell(line, stage.env);
    expect(code, `${line}\n${output}`).toBe(0);
  }
}, 240_000);

test('every tool that the guides run in a container or a pod runs by that name from the source', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  const { services } = parse(readFileSync('deploy/compose.yml', 'utf8'));
  const deployments = parseAllDocuments(readFileSync('deploy/kubernetes.yml', 'utf8'))
    .map((document) => document.toJS())
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => metadata.name);
  const inside = blocks('sh-container').flatMap(({ text }) =>
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [, service, pod, command = ''] =
          /^(?:docker compose -f deploy\/compose\.yml exec (\S+)|kubectl exec deploy\/(\S+) --) (.+)$/.exec(
            line,
          ) ?? [];
        expect(service === undefined ? deployments : Object.keys(services), line).toContain(service ?? pod);
        return command;
      }),
  );
  expect(inside.length).toBeGreaterThan(3);
  for (const command of new Set(inside)) {
    const { code, output } = await shell(command, stage.env);
    expect(code, `${command}\n${output}`).toBe(0);
  }
}, 120_000);

test('every command for Slack is understood and answered', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  const { people } = stage.sandbox;
  const answers = () => people.messagesSeenBy('U0ANN', CHANNEL).filter(({ isEphemeral }) => isEphemeral);
  const lines = blocks('slack').flatMap(({ text }) => text.trim().split('\n'));
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) {
    const before = answers().length;
    await people.say({ as: 'U0ANN', channel: CHANNEL, text: line.trim() });
    await eventually(() => answers().length > before);
    expect(answers().at(-1)?.text, line).not.toMatch(/is not a command|It is written/);
  }
  // What proposes stands in the channel for a second person.
  const posted = () => people.messagesSeenBy('U0BEN', CHANNEL).map(({ text }) => text);
  for (const proposed of ['purge Recurring::DisasterJob', 'rescue 1 stranded job', 'quiet 1 process without'])
    await eventually(() => posted().some((text) => text.includes(`asks to ${proposed}`)));
});

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

async function runs(text: string | undefined, env: Record<string, string>): Promise<string> {
  const { code, output } = await shell(text ?? 'false', env);
  expect(code, output).toBe(0);
  return output;
}

test('a PostgreSQL store is dumped beside a bot and restored without it: all is as it was then, and a bot goes on from there', async () => {
  await using stage = await openStage();
  await using postgres = await startPostgresServer();
  const env = { ...stage.env, DATABASE_URL: await postgres.createDatabase() };
  const [dump, restore] = blocks('sh-postgres');
  const evidence = (text: string) => ({ format: 1, body: new TextEncoder().encode(text) });
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await using store = await openStore(env.DATABASE_URL);
    await say(store, 'before');
    await store.saveEvidence('elsewhere', evidence('before'));
    await runs(dump?.text, env);
    await say(store, 'after');
    await store.saveEvidence('elsewhere', evidence('after'));
    await stopped(bot);
  }
  expect(await told(env.DATABASE_URL)).toEqual(['bot started', 'before', 'after', 'bot stopped']);
  await runs(restore?.text, env);
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
  const [dump, restore] = blocks('sh-postgres');
  await makeOldStore(env.DATABASE_URL, chainOf(5));
  await runs(dump?.text, env);
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await stopped(bot);
  }
  await runs(restore?.text, env);
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
  const [restore] = blocks('sh-sqlite');
  const backup = blocks('sh').find(({ text }) => text.includes('store:backup'));
  {
    await using store = await openStore(env.DATABASE_URL);
    await say(store, 'before');
  }
  {
    await using bot = await startBotProcess(env);
    await bot.runs();
    await runs(backup?.text, env);
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
  await runs(restore?.text, env);
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
