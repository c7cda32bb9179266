import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type BotProcess, startBotProcess } from '../bot-process.ts';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { startRedisServer } from '../redis-server.ts';

/** Several bots on one store, as processes that are killed: who watches, who takes over, and who may not start at all. */

type Replica = { readonly bot: BotProcess; readonly metric: (line: RegExp) => Promise<number> };

async function startReplica(sandbox: Sandbox, redisUrl: string, databaseUrl: string): Promise<Replica> {
  const port = await findFreePort();
  const bot = await startBotProcess({
    ...sandbox.env,
    SIDEKIQ_REDIS_URL: redisUrl,
    DATABASE_URL: databaseUrl,
    HTTP_PORT: String(port),
  });
  await bot.runs();
  const metric = async (line: RegExp) => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(line.exec(text)?.[1] ?? Number.NaN);
  };
  return { bot, metric };
}

const WATCHING = /^poison_control_watching\{sidekiq="default"\} (\d)$/m;
const LEASE_MS = 15_000;
/** Of two who look every five seconds one looks within that. */
const NEXT_LOOK_MS = 5000;

async function watchersAmong(replicas: readonly Replica[]): Promise<readonly Replica[]> {
  const flags = await Promise.all(replicas.map(({ metric }) => metric(WATCHING)));
  return replicas.filter((_, index) => flags[index] === 1);
}

test('of three bots one watches; when it is killed another does within seconds, and so when it is stopped', async () => {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startPostgresServer());
  const databaseUrl = await postgres.createDatabase();
  const server = stack.use(await startRedisServer());
  const sandbox = stack.use(await startSandbox());
  const replicas: Replica[] = [];
  stack.defer(async () => {
    await Promise.all(replicas.map(({ bot }) => bot[Symbol.asyncDispose]()));
  });
  for (let nth = 0; nth < 3; nth += 1) replicas.push(await startReplica(sandbox, server.url, databaseUrl));
  await eventually(async () => (await watchersAmong(replicas)).length === 1);
  const [first] = await watchersAmong(replicas);
  const others = replicas.filter((one) => one !== first);

  first?.bot.signal('SIGKILL');
  // The lease of the dead one runs out, and the next look of any other takes it.
  await eventually(async () => (await watchersAmong(others)).length > 0, LEASE_MS + NEXT_LOOK_MS);
  expect(await watchersAmong(others)).toHaveLength(1);

  const [second] = await watchersAmong(others);
  const [last] = others.filter((one) => one !== second);
  second?.bot.signal('SIGTERM');
  expect(await second?.bot.exited).toEqual({ code: 0, signal: null });
  await eventually(async () => (await watchersAmong(last === undefined ? [] : [last])).length === 1);
  const { people } = sandbox;
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq help' });
  await people.waitForMessage('U0ANN', ({ text }) => text.includes('backlog'));
}, 180_000);

test('a second bot on one SQLite file refuses to start, says why, and leaves the first alone', async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer());
  const sandbox = stack.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-second');
  stack.defer(() => folder.remove());
  const databaseUrl = `sqlite:${join(folder.path, 'store.sqlite')}`;
  const first = await startReplica(sandbox, server.url, databaseUrl);
  stack.use(first.bot);
  const second = stack.use(
    await startBotProcess({
      ...sandbox.env,
      SIDEKIQ_REDIS_URL: server.url,
      DATABASE_URL: databaseUrl,
    }),
  );
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.output()).toContain('a SQLite file serves one bot');
  expect(await first.metric(WATCHING)).toBe(1);

  // Killed, it leaves nothing behind that would hold up the next.
  first.bot.signal('SIGKILL');
  await first.bot.exited;
  const next = await startReplica(sandbox, server.url, databaseUrl);
  stack.use(next.bot);
  await eventually(async () => (await next.metric(WATCHING)) === 1);
}, 120_000);
