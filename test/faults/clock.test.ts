import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { openStore } from '../../src/store/open.ts';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { CHANNEL, type Night, type NightOptions, startNight } from './night.ts';
import { makeSettableClock } from './settable-clock.ts';

/**
 * The machine's clock is wrong, or is set, forward and back, while the bot runs: nothing is done twice, shorter or early, and nothing is
 * forgotten that was to be kept.
 */

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

async function startNightOnClock({ byS = 0, ...options }: NightOptions & { byS?: number } = {}) {
  await using opened = new AsyncDisposableStack();
  const folder = await makeGuardedFolder('poison-control-clock');
  opened.defer(() => folder.remove());
  const clock = await makeSettableClock(folder.path);
  await clock.set(byS);
  const { databaseUrl = `sqlite:${folder.path}/store.sqlite` } = options;
  const night = opened.use(await startNight({ ...options, databaseUrl, env: clock.env }));
  const stack = opened.move();
  return {
    night,
    clock,
    databaseUrl,
    verify: async () => {
      const env = { ...process.env, DATABASE_URL: databaseUrl };
      return (await promisify(execFile)(process.execPath, ['src/bin/audit-verify.ts'], { env })).stdout;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test('in the middle of a purge: it goes on, takes each job once, and the record holds', async () => {
  await using stage = await startNightOnClock();
  const { night, clock } = stage;
  await night.fill(20_000);
  const message = await night.propose();
  await night.approveAndCatch(message, 20_000);
  for (const [byS, left] of [
    [HOUR_S, 18_000],
    [-HOUR_S, 12_000],
    [0, 6000],
  ] as const) {
    await eventually(async () => (await night.left()).bad < left, 90_000);
    await clock.set(byS);
  }
  await night.takesAll(message, 20_000, 90_000);
  expect(await stage.verify()).toMatch(/^ok \d+ records/);
}, 240_000);

test('back an hour: answers are of now, and what waits for its approval goes on waiting', async () => {
  await using stage = await startNightOnClock();
  const { night, clock } = stage;
  await night.fill(10);
  const message = await night.propose();
  await night.ask('health', /\b20\b/);
  await clock.set(-HOUR_S);
  await night.fill(5);
  await night.ask('health', /\b30\b/);
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
}, 120_000);

test('forward, beyond the time to approve: silence is a no, the press is refused, and nothing has gone', async () => {
  await using stage = await startNightOnClock();
  const { night, clock } = stage;
  await night.fill(10);
  const message = await night.propose();
  await clock.set(2 * HOUR_S);
  await night.reads(message, /expired|nobody|ran out/i);
  expect(await night.left()).toEqual({ bad: 10, fine: 10 });
  await night.approve(await night.propose());
  await eventually(async () => (await night.left()).bad === 0, 60_000);
}, 120_000);

/** Debts that expire, as soon as they may. */
const EXPIRING = { archive: { keep: '30d', expire_debt: true }, alerts: { channel: 'C0ALERTS' } };

/** A purge that is over, and what it took is owed. */
async function purged(night: Night): Promise<void> {
  await night.fill(10);
  const message = await night.propose();
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  await night.stop(message);
}

async function archivesIn(databaseUrl: string): Promise<readonly string[]> {
  await using store = await openStore(databaseUrl, { isReadOnly: true });
  return (await store.archives()).map(({ actionId }) => actionId);
}

/** It ends after what it was looking through. */
async function stopped({ bot }: { readonly bot: Night['bot'] }): Promise<void> {
  bot.signal('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
}

test('a machine that starts months ahead, with the store’s clock its own, forgets no debt and tells the operators', async () => {
  await using stage = await startNightOnClock({ settings: EXPIRING });
  const { night, clock, databaseUrl } = stage;
  await purged(night);
  await stopped(night);
  const before = await archivesIn(databaseUrl);
  expect(before).toHaveLength(1);
  await clock.set(100 * DAY_S);
  const bot = await night.startBot();
  const told = await night.sandbox.people.waitForMessage(
    'U0BEN',
    ({ channel, text }) =>
      channel === 'C0ALERTS' && text.includes('The store’s clock is 100 d ahead of Slack’s'),
    30_000,
  );
  expect(told.text).toContain('no archive expires');
  expect(bot.output()).toContain('"code":"forgets_nothing"');
  await stopped({ bot });
  expect(await archivesIn(databaseUrl)).toEqual(before);
}, 180_000);

test('a bot that starts months ahead on a PostgreSQL forgets what is over by the store’s clock, and nothing else', async () => {
  await using postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase();
  await using stage = await startNightOnClock({ databaseUrl, settings: EXPIRING });
  const { night, clock } = stage;
  await purged(night);
  const old = await archivesIn(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('update archive_chunks set archived_at_ms = archived_at_ms - $1', [31 * DAY_S * 1000]);
  await client.end();
  await purged(night);
  await stopped(night);
  const fresh = (await archivesIn(databaseUrl)).filter((id) => !old.includes(id));
  expect(fresh).toHaveLength(1);
  await clock.set(100 * DAY_S);
  const bot = await night.startBot();
  await eventually(async () => !(await archivesIn(databaseUrl)).some((id) => old.includes(id)), 30_000);
  await eventually(() => bot.output().includes('"code":"own_is_off"'), 30_000);
  await stopped({ bot });
  expect(await archivesIn(databaseUrl)).toEqual(fresh);
}, 180_000);

test('of two bots on one PostgreSQL the one that is 20 minutes ahead expires nothing early, nor proposes for longer', async () => {
  await using postgres = await startPostgresServer();
  const approvals = { requesters: ['U0ANN'], approvers: ['U0BEN'], expires: '15m' };
  await using night = await startNight({
    databaseUrl: await postgres.createDatabase(),
    settings: { approvals },
  });
  await using folder = await ownFolder();
  const clock = await makeSettableClock(folder.path);
  await clock.set(20 * MINUTE_S);
  await night.fill(10);
  const message = await night.propose();
  const hasty = join(folder.path, 'hasty.yml');
  const sidekiqs = { payroll: { redis: `redis://127.0.0.1:${night.line.port}/0`, poll: '1s' } };
  await writeFile(hasty, JSON.stringify({ sidekiqs, approvals: { ...approvals, expires: '3s' } }));
  const env = { POISON_CONTROL_CONFIG: hasty, HTTP_PORT: String(await findFreePort()), ...clock.env };
  const ahead = await night.startBot(env);
  night.bot.signal('SIGKILL');
  await night.bot.exited;
  // The one that is left has looked for what is overdue: here is something that was.
  const { people } = night.sandbox;
  await people.say({
    as: 'U0ANN',
    channel: CHANNEL,
    text: '/sidekiq purge PayrollRunJob --reason for a moment',
  });
  await people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, text }) => !isEphemeral && /purge PayrollRunJob.*: expired/s.test(text),
    30_000,
  );
  await night.reads(message, /waits for/);
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  expect(ahead.output()).toContain('"code":"own_is_off"');
}, 180_000);

test('over HTTP a clock 20 minutes ahead refuses all of Slack’s: log, readiness and metrics say so, until it is set', async () => {
  await using stage = await startNightOnClock({ mode: 'http', byS: 20 * MINUTE_S });
  const { night, clock } = stage;
  const { people } = night.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq help' });
  expect(await night.ready()).toEqual({
    code: 503,
    text: expect.stringContaining('20 min ahead of Slack’s: every command and press is refused as too old'),
  });
  await eventually(() => night.bot.output().includes('"code":"refuses_slack"'), 30_000);
  const aheadS = () => night.metric(/^poison_control_clock_ahead_seconds\{of="slack"\} (\S+)$/m);
  expect(Math.abs((await aheadS()) - 20 * MINUTE_S)).toBeLessThan(5);
  await clock.set(0);
  await eventually(async () => (await night.ready()).code === 200);
  expect(Math.abs(await aheadS())).toBeLessThan(5);
  await night.ask('health', /\bpayroll\b/);
}, 120_000);

async function ownFolder() {
  const folder = await makeGuardedFolder('poison-control-clock');
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}
