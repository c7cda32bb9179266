import { webApi } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { clientOf } from '../bolt-app.ts';
import { ManualClock } from '../manual-clock.ts';

const post = { channel: 'C0PAYROLL', text: 'x' };

test('the next calls are rate limited, as often as asked, and then all is well', async () => {
  await using sandbox = await startSandbox();
  const client = clientOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', { kind: 'rate_limited', retryAfterS: 7 }, 2);
  for (let times = 0; times < 2; times += 1) {
    await expect(client.chat.postMessage(post)).rejects.toMatchObject({
      code: webApi.ErrorCode.RateLimitedError,
      retryAfter: 7,
    });
  }
  expect(await client.chat.postMessage(post)).toMatchObject({ ok: true });
  expect(sandbox.calls.map(({ method, status }) => [method, status])).toEqual([
    ['chat.postMessage', 429],
    ['chat.postMessage', 429],
    ['chat.postMessage', 200],
  ]);
});

test('a method fails with a server error or with a given code', async () => {
  await using sandbox = await startSandbox();
  const client = clientOf(sandbox);
  sandbox.faults.failNext('users.info', { kind: 'http', status: 500 });
  sandbox.faults.failNext('users.info', { kind: 'error', error: 'plan_upgrade_required' });
  await expect(client.users.info({ user: 'U0ANN' })).rejects.toMatchObject({ statusCode: 500 });
  await expect(client.users.info({ user: 'U0ANN' })).rejects.toMatchObject({
    data: { error: 'plan_upgrade_required' },
  });
});

test('a slow method answers when its time has come', async () => {
  const clock = new ManualClock();
  await using sandbox = await startSandbox({ clock });
  sandbox.faults.failNext('chat.postMessage', { kind: 'delay', delayMs: 60_000 });
  let isAnswered = false;
  const call = clientOf(sandbox)
    .chat.postMessage(post)
    .then(() => {
      isAnswered = true;
    });
  await expect.poll(() => clock.waiting).toBe(1);
  expect(isAnswered).toBe(false);
  clock.advance(60_000);
  await call;
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toHaveLength(1);
});
