import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { eventually } from '../eventually.ts';
import { type NightOptions, startNight } from './night.ts';
import { makeSettableClock } from './settable-clock.ts';

/** The machine's clock is set, forward and back, while the bot runs: nothing is done twice, shorter or early. */

const HOUR_S = 3600;

async function startNightOnClock(options: NightOptions = {}) {
  await using opened = new AsyncDisposableStack();
  const folder = await makeGuardedFolder('poison-control-clock');
  opened.defer(() => folder.remove());
  const clock = await makeSettableClock(folder.path);
  const databaseUrl = `sqlite:${folder.path}/store.sqlite`;
  const night = opened.use(await startNight({ databaseUrl, ...options, env: clock.env }));
  const stack = opened.move();
  return {
    night,
    clock,
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
