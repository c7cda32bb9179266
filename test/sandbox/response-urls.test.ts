import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';

const CHANNEL = 'C0PAYROLL';
const COMMAND = { as: 'U0ANN', channel: CHANNEL, text: '/sidekiq' };

/** A sandbox in which Ann has just typed a command, and the response_url that the app was given for it. */
async function askedSandbox(clock = new ManualClock()) {
  const sandbox = await startSandbox({ clock });
  const app = await startApp(sandbox, (bolt) => {
    bolt.command('/sidekiq', async ({ ack }) => ack());
    bolt.action('go', async ({ ack }) => ack());
  });
  await sandbox.people.say(COMMAND);
  return {
    sandbox,
    people: sandbox.people,
    clock,
    answer: (body: unknown, url = String(sandbox.deliveries.at(-1)?.payload['response_url'])) =>
      fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

test('five answers are taken and the sixth is not', async () => {
  await using asked = await askedSandbox();
  for (let times = 1; times <= 5; times += 1) {
    const response = await asked.answer({ text: `answer ${times}` });
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
  }
  const sixth = await asked.answer({ text: 'answer 6' });
  expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  expect(asked.people.messagesSeenBy('U0ANN', CHANNEL)).toHaveLength(5);
});

test('after thirty minutes no answer is taken', async () => {
  await using asked = await askedSandbox();
  asked.clock.advance(30 * 60_000);
  expect((await asked.answer({ text: 'just in time' })).status).toBe(200);
  asked.clock.advance(1);
  const late = await asked.answer({ text: 'late' });
  expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
});

test('an answer is for the asking person unless it says in_channel', async () => {
  await using asked = await askedSandbox();
  await asked.answer({ text: 'for Ann' });
  await asked.answer({ response_type: 'in_channel', text: 'for all' });
  expect(asked.people.messagesSeenBy('U0BEN', CHANNEL).map(({ text }) => text)).toEqual(['for all']);
});

test('a message that was pressed can be replaced and deleted, an ephemeral one too', async () => {
  await using asked = await askedSandbox();
  const { people } = asked;
  const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };
  await asked.answer({ text: 'first', blocks: [{ type: 'actions', elements: [button] }] });
  await asked.answer({ text: 'other' });
  const first = await people.waitForMessage('U0ANN', ({ text }) => text === 'first');
  await people.pressButton('U0ANN', first, 'Go');
  await asked.answer({ replace_original: true, text: 'replaced' });
  expect(people.messagesSeenBy('U0ANN', CHANNEL)).toMatchObject([
    { ts: first.ts, text: 'replaced', isEphemeral: true },
    { text: 'other' },
  ]);
  await asked.answer({ delete_original: true });
  expect(people.messagesSeenBy('U0ANN', CHANNEL).map(({ text }) => text)).toEqual(['other']);
});

test('for a command the first answer is the original', async () => {
  await using asked = await askedSandbox();
  await asked.answer({ text: 'looking' });
  await asked.answer({ replace_original: 'true', text: 'found' });
  expect(asked.people.messagesSeenBy('U0ANN', CHANNEL).map(({ text }) => text)).toEqual(['found']);
});

test('an answer that Slack would not take is refused and uses nothing up', async () => {
  await using asked = await askedSandbox();
  for (const [body, error] of [
    ['{', 'invalid_payload'],
    ['7', 'invalid_payload'],
    [{ text: 7 }, 'invalid_payload'],
    [{}, 'no_text'],
    [{ text: 'x', blocks: [{ type: 'toast' }] }, 'invalid_blocks'],
  ] as const) {
    const refused = await asked.answer(body);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error }]);
  }
  for (let times = 1; times <= 5; times += 1) {
    expect((await asked.answer({ text: 'x' })).status).toBe(200);
  }
});

test('an address that was never given is nobody’s', async () => {
  await using asked = await askedSandbox();
  expect((await asked.answer({ text: 'x' }, `${asked.sandbox.url}response/guess`)).status).toBe(404);
});

test('the bot can be told that Slack is broken', async () => {
  await using asked = await askedSandbox();
  asked.sandbox.faults.failNext('response_url', { kind: 'http', status: 500 });
  expect((await asked.answer({ text: 'x' })).status).toBe(500);
  expect((await asked.answer({ text: 'x' })).status).toBe(200);
});

test('an answer can go into a thread', async () => {
  await using asked = await askedSandbox();
  await asked.answer({ text: 'in a thread', thread_ts: '1.000001' });
  expect(asked.people.messagesSeenBy('U0ANN', CHANNEL)).toMatchObject([{ threadTs: '1.000001' }]);
});
