import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { type PostgresServer, startPostgresServer } from '../postgres-server.ts';
import { Line } from './line.ts';
import { startNight } from './night.ts';
import { mountSmallDisk } from './small-disk.ts';

/** The store on its bad days: without a record nothing is done, and whoever pressed is told so. */

async function behindLine(postgres: PostgresServer): Promise<{ line: Line; databaseUrl: string }> {
  const line = await new Line(postgres.port).open();
  const url = new URL(await postgres.createDatabase());
  url.port = String(line.port);
  return { line, databaseUrl: url.href };
}

test('gone: looking works on, nothing is proposed or approved unrecorded, and with it back the same press works', async () => {
  await using postgres = await startPostgresServer();
  await using night = await startNight({ databaseUrl: await postgres.createDatabase() });
  await night.fill(50);
  const message = await night.propose();
  await postgres.kill();
  await night.ask('health', /payroll/);
  await night.approve(message);
  await eventually(() =>
    night.sandbox.people
      .messagesSeenBy('U0BEN', 'C0PAYROLL')
      .some(({ isEphemeral, text }) => isEphemeral && /record|store|database/i.test(text)),
  );
  expect(await night.left()).toEqual({ bad: 50, fine: 50 });
  expect(await night.metric(/^poison_control_store_up (\d)$/m)).toBe(0);
  await postgres.start();
  await eventually(async () => (await night.metric(/^poison_control_store_up (\d)$/m)) === 1);
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  expect(await night.left()).toEqual({ bad: 0, fine: 50 });
  expect(night.acknowledgedInTime()).toBe(true);
  expect(
    await night.metric(/^poison_control_store_errors_total\{code="unavailable"\} (\d+)$/m),
  ).toBeGreaterThan(0);
}, 180_000);

test('gone in the middle of a purge: it halts between two steps, and goes on when the store is back', async () => {
  await using postgres = await startPostgresServer();
  await using night = await startNight({ databaseUrl: await postgres.createDatabase() });
  await night.fill(20_000);
  const message = await night.propose();
  await night.approveAndCatch(message, 20_000);
  await postgres.kill();
  night.line.delayMs = 0;
  await postgres.start();
  await night.takesAll(message, 20_000, 120_000);
}, 240_000);

test('slow: every press is acknowledged in time, and what was approved is done', async () => {
  await using postgres = await startPostgresServer();
  const { line, databaseUrl } = await behindLine(postgres);
  await using _ = line;
  await using night = await startNight({ databaseUrl });
  await night.fill(50);
  line.delayMs = 200;
  const message = await night.propose();
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 90_000);
  expect(night.acknowledgedInTime()).toBe(true);
}, 180_000);

test('cut again and again: a vote counts once, the purge runs once, and the record holds', async () => {
  await using postgres = await startPostgresServer();
  const { line, databaseUrl } = await behindLine(postgres);
  await using _ = line;
  await using night = await startNight({ databaseUrl });
  await night.fill(8000);
  const message = await night.propose();
  const cutting = (async () => {
    for (let nth = 0; nth < 10; nth += 1) {
      const before = line.cuts;
      line.cutAfterAnswers = 12;
      await eventually(() => line.cuts > before);
    }
  })();
  await eventually(async () => {
    const pressed = await night.approve(message).then(
      () => true,
      // The button is gone: somebody's press was taken.
      () => false,
    );
    return !pressed || (await night.left()).bad < 8000;
  }, 90_000);
  await cutting;
  await eventually(async () => (await night.left()).bad === 0, 120_000);
  expect(await night.left()).toEqual({ bad: 0, fine: 8000 });
}, 240_000);

const FULL = /^poison_control_store_errors_total\{code="full"\} (\d+)$/m;
const FULL_OR_DEAD = /^poison_control_store_errors_total\{code="(?:full|unavailable)"\} ([1-9]\d*)$/m;

// Only Linux has a tmpfs to be mounted.
test.skipIf(process.platform !== 'linux')(
  'full: whoever presses is told to make room, a purge halts between two steps, and both go on when there is room',
  async () => {
    await using disk = await mountSmallDisk(32);
    await using night = await startNight({ databaseUrl: `sqlite:${disk.path}/store.sqlite` });
    await night.fill(4000);
    const message = await night.propose();
    await disk.fillUp();
    await night.ask('health', /payroll/);
    await night.approve(message);
    await eventually(() =>
      night.sandbox.people
        .messagesSeenBy('U0BEN', 'C0PAYROLL')
        .some(({ isEphemeral, text }) => isEphemeral && /full\. Make room/.test(text)),
    );
    expect(await night.left()).toEqual({ bad: 4000, fine: 4000 });
    await disk.makeRoom();
    const before = await night.metric(FULL);
    await night.approveAndCatch(message, 4000);
    await disk.fillUp();
    night.line.delayMs = 0;
    await eventually(async () => (await night.metric(FULL)) > before);
    await disk.makeRoom();
    await night.takesAll(message, 4000, 90_000);
    expect(night.acknowledgedInTime()).toBe(true);
  },
  240_000,
);

test.skipIf(process.platform !== 'linux')(
  'a full disk under PostgreSQL, which may die of it: the purge halts between two steps, and goes on when both are well',
  async () => {
    await using disk = await mountSmallDisk(128);
    await using postgres = await startPostgresServer({ disk: disk.path });
    await using night = await startNight({ databaseUrl: await postgres.createDatabase() });
    await night.fill(20_000);
    const message = await night.propose();
    await night.approveAndCatch(message, 20_000);
    await disk.fillUp();
    night.line.delayMs = 0;
    await eventually(async () => (await night.metric(FULL_OR_DEAD)) > 0, 60_000);
    await night.ask('health', /payroll/);
    const { bad } = await night.left();
    expect(bad).toBeGreaterThan(0);
    await disk.makeRoom();
    // As whoever made room does where it has died: then it starts with all that was committed.
    await postgres.kill();
    await postgres.start();
    await night.takesAll(message, 20_000, 120_000);
    expect(night.acknowledgedInTime()).toBe(true);
  },
  240_000,
);
