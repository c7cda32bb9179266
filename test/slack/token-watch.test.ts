import { expect, test } from 'vitest';
import type { ApiFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openSlack } from '../../src/slack/open.ts';
import { TokenWatch } from '../../src/slack/token-watch.ts';
import { hidden, type LogLine, logInto } from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** Slack is asked now and then whether it still takes the token, when nothing else asks it for anything. */

const MINUTE_MS = 60_000;
const UNSAID = 'Slack did not say whether it takes the token; asking again';

async function startWatch() {
  const sandbox = await startSandbox();
  const clock = new HeldClock();
  const lines: LogLine[] = [];
  const fatal: Error[] = [];
  const log = logInto(lines);
  const settings = { botToken: hidden(sandbox.botToken), apiUrl: sandbox.apiUrl };
  const { clients } = await openSlack({ settings, log, clock, onFatal: (error) => fatal.push(error) });
  const watch = new TokenWatch(clients, clock, log);
  watch.start();
  const asked = () => sandbox.calls.filter(({ method }) => method === 'auth.test').length;
  return {
    sandbox,
    clock,
    fatal,
    watch,
    asked,
    /** How often the log says that Slack gave no answer. */
    unsaid: () => lines.filter(({ level, message }) => level === 'warn' && message === UNSAID).length,
    /** Lets the time until the next question pass, and waits until Slack was asked it and what came of it is known. */
    next: async (afterMs: number) => {
      const before = asked();
      await expect.poll(() => clock.waitsMs).toEqual([afterMs]);
      clock.pass(afterMs);
      await expect.poll(asked).toBe(before + 1);
    },
    [Symbol.asyncDispose]: async () => {
      watch.stop();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

test('a token that is revoked while nobody does anything is fatal at the next question, with what to do, and not asked of again', async () => {
  await using stage = await startWatch();
  await stage.next(MINUTE_MS);
  await stage.next(MINUTE_MS);
  expect(stage.fatal).toEqual([]);
  stage.sandbox.revoke(stage.sandbox.botToken);
  await stage.next(MINUTE_MS);
  await expect
    .poll(() => stage.fatal.map(({ message }) => message))
    .toEqual([
      'Slack does not let the bot in: token_revoked. Check its tokens and that the app is installed.',
    ]);
  expect(stage.clock.waitsMs).toEqual([]);
  expect(stage.unsaid()).toBe(0);
});

const PASSING: readonly (readonly [string, ApiFault, number])[] = [
  ['429 for two minutes', { kind: 'rate_limited', retryAfterS: 120 }, 2 * MINUTE_MS],
  ['429 for a moment', { kind: 'rate_limited', retryAfterS: 1 }, MINUTE_MS],
  ['500', { kind: 'http', status: 500 }, MINUTE_MS],
  ['503', { kind: 'http', status: 503 }, MINUTE_MS],
  ['that it has trouble of its own', { kind: 'error', error: 'internal_error' }, MINUTE_MS],
];

test.each(PASSING)(
  'where Slack says %s it is asked again, once, in its time',
  async (_, fault, againAfterMs) => {
    await using stage = await startWatch();
    stage.sandbox.faults.failNext('auth.test', fault);
    await stage.next(MINUTE_MS);
    await stage.next(againAfterMs);
    await stage.next(MINUTE_MS);
    expect(stage.fatal).toEqual([]);
    expect(stage.unsaid()).toBe(1);
  },
);

test('where Slack can’t be reached it is asked again', async () => {
  await using stage = await startWatch();
  await stage.sandbox[Symbol.asyncDispose]();
  for (let nth = 1; nth <= 3; nth += 1) {
    await expect.poll(() => stage.clock.waitsMs).toEqual([MINUTE_MS]);
    stage.clock.pass(MINUTE_MS);
    await expect.poll(stage.unsaid).toBe(nth);
  }
  expect(stage.fatal).toEqual([]);
});

test('when it is stopped it waits for nothing and asks nothing more', async () => {
  await using stage = await startWatch();
  await expect.poll(() => stage.clock.waitsMs).toEqual([MINUTE_MS]);
  stage.watch.stop();
  expect(stage.clock.waitsMs).toEqual([]);
  expect(stage.asked()).toBe(1);
});
