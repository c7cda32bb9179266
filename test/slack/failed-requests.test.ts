import { expect, test } from 'vitest';
import { refuse } from '../../src/core/reply/reply.ts';
import { say } from '../../src/core/reply/text.ts';
import { type Meter, UNMETERED } from '../../src/ports/meter.ts';
import type { SlackOptions } from '../../src/slack/connect.ts';
import type { Answer } from '../../src/slack/conversation.ts';
import { answerOf, ask, type Bot, echo, seen, startBot } from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** Which requests count as failed for who watches the bot, and why; and to whom nothing could be said. */

const FAILED = 'Something went wrong on my side';

async function startCounted(answer: Answer, options: Partial<SlackOptions> = {}) {
  const counted: string[] = [];
  const acknowledgedMs: number[] = [];
  const meter: Meter = {
    ...UNMETERED,
    slackAcknowledged: (afterMs) => acknowledgedMs.push(afterMs),
    requestFailed: (kind, cause) => counted.push(`${kind} failed: ${cause}`),
    requestUnanswered: (kind) => counted.push(`${kind} unanswered`),
  };
  const bot = await startBot(answer, { ...options, meter });
  return { bot, counted, acknowledgedMs, [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() };
}

const broken = () => Promise.reject(new Error('broken'));
const notice = async () => refuse('no', say`No.`, say`Try otherwise.`);

async function share(bot: Bot): Promise<void> {
  await ask(bot, 'health');
  await bot.sandbox.people.pressButton('U0ANN', await seen(bot, 'answer'), 'Share');
}
const shareable: Answer = async () => answerOf(say`answer`, { buttons: [{ type: 'share' }] });

test('a command that fails counts, one that is refused or answered does not', async () => {
  await using failing = await startCounted(broken);
  await ask(failing.bot, 'health');
  await seen(failing.bot, FAILED);
  expect(failing.counted).toEqual(['command failed: failure']);
  await using fine = await startCounted((question) => (question.text === 'no' ? notice() : echo(question)));
  await ask(fine.bot, 'no');
  await seen(fine.bot, 'Try otherwise');
  await ask(fine.bot, 'health');
  await seen(fine.bot, 'You asked');
  expect(fine.counted).toEqual([]);
});

test('an answer that takes too long counts as that', async () => {
  const clock = new HeldClock();
  await using counting = await startCounted(() => new Promise(() => {}), { clock });
  await ask(counting.bot, 'health');
  await expect.poll(() => clock.waitsMs).toContain(60_000);
  clock.pass(60_000);
  await seen(counting.bot, 'That took too long');
  expect(counting.counted).toEqual(['command failed: took_too_long']);
});

test.each([
  ['that it holds us back', { kind: 'rate_limited', retryAfterS: 90 }, 'rate_limited'],
  ['nothing of use', { kind: 'http', status: 500 }, 'slack'],
  ['that it does not take it', { kind: 'error', error: 'msg_too_long' }, 'slack'],
] as const)('a press fails because Slack says %s', async (_, fault, cause) => {
  await using counting = await startCounted(shareable);
  counting.bot.sandbox.faults.failNext('chat.postMessage', fault);
  await share(counting.bot);
  await expect.poll(() => counting.counted).toEqual([`press failed: ${cause}`]);
});

test('a form and Home count as what they are', async () => {
  const form = { type: 'form', form: 'f', title: 'T', submit: 'Go', value: '', words: [] } as const;
  const fields = [
    { name: 'why', label: 'Why?', input: { type: 'text', isLong: false, maxLength: 20 } },
  ] as const;
  await using counting = await startCounted(async () => ({ ...form, fields }), {
    onForm: broken,
    home: broken,
  });
  const { people, faults } = counting.bot.sandbox;
  await ask(counting.bot, 'purge');
  const view = await people.waitFor(() => people.modalsOf('U0ANN')[0]);
  await people.submit({ as: 'U0ANN', viewId: view.id, values: { why: { value: 'so' } } });
  // The command, and what was sent off: Slack waits for both.
  expect(counting.acknowledgedMs).toEqual([expect.any(Number), expect.any(Number)]);
  await expect.poll(() => counting.counted).toEqual(['form failed: failure']);
  faults.failNext('views.publish', { kind: 'error', error: 'internal_error' });
  await people.openHome('U0ANN');
  await expect.poll(() => counting.counted.slice(1)).toEqual(['home failed: failure', 'home unanswered']);
});

test('whoever sees nothing at all, because Slack takes no word, is counted apart', async () => {
  await using counting = await startCounted(echo);
  const { faults } = counting.bot.sandbox;
  faults.failNext('response_url', { kind: 'http', status: 500 }, 2);
  faults.failNext('chat.postEphemeral', { kind: 'error', error: 'user_not_in_channel' }, 2);
  await ask(counting.bot, 'health');
  await expect.poll(() => counting.counted).toEqual(['command failed: slack', 'command unanswered']);
});
