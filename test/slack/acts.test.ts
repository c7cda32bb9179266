import { expect, test } from 'vitest';
import type { Form } from '../../src/core/reply/form.ts';
import type { Button } from '../../src/core/reply/reply.ts';
import { say } from '../../src/core/reply/text.ts';
import type { OnAct, Pressed } from '../../src/ports/chat.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openSlack } from '../../src/slack/open.ts';
import { ManualClock } from '../sandbox/manual-clock.ts';
import { answerOf, ask, type Bot, CHANNEL, CLOCK, echo, hidden, logInto, seen, startBot } from './bot.ts';
import { HeldClock } from './held-clock.ts';

const APPROVE: Button = {
  type: 'act',
  act: 'proposal.approve',
  label: 'Approve',
  value: 'p1:f00',
  style: 'primary',
};
const PROPOSAL = answerOf(say`Purge DisasterJob`, {
  buttons: [
    APPROVE,
    { type: 'ask', label: 'Backlog', command: 'backlog' },
    { type: 'refresh', command: 'x' },
  ],
});

const REASON: Form = {
  type: 'form',
  form: 'proposal.deny',
  title: 'Deny',
  submit: 'Deny',
  value: 'p1',
  words: [say`Ann learns from it.`],
  fields: [{ name: 'reason', label: 'Why?', input: { type: 'text', isLong: true, maxLength: 500 } }],
};

/** A bot with a lasting message in the channel whose buttons are handled like this. */
async function proposed(onAct: OnAct, sandbox = startSandbox()) {
  const bot = await startBot(echo, { onAct }, await sandbox);
  const { chat } = await openSlack({
    settings: { botToken: hidden(bot.sandbox.botToken), apiUrl: bot.sandbox.apiUrl },
    log: logInto([]),
    clock: CLOCK,
  });
  const ref = await chat.post(CHANNEL, PROPOSAL);
  return { bot, chat, ref, message: await seen(bot, 'Purge DisasterJob') };
}

const pressApprove = async (bot: Bot, as = 'U0BEN') =>
  bot.sandbox.people.pressButton(as, await seen(bot, 'Purge DisasterJob', as), 'Approve');

test('a press is told with who, where, what, and the message that it stands in', async () => {
  const pressed: Pressed[] = [];
  const { bot, ref } = await proposed(async (press) => {
    pressed.push(press);
    return undefined;
  });
  await using _bot = bot;
  await pressApprove(bot);
  await expect.poll(() => pressed).toHaveLength(1);
  expect(pressed[0]).toEqual({
    act: 'proposal.approve',
    value: 'p1:f00',
    actor: expect.objectContaining({ id: 'U0BEN', name: 'Ben', isGuest: false }),
    channel: expect.objectContaining({ id: CHANNEL, isExternal: false }),
    message: ref,
  });
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('what comes of it is said to the presser alone, and the message stays', async () => {
  const { bot, message } = await proposed(async () => answerOf(say`You agreed`));
  await using _bot = bot;
  await pressApprove(bot);
  expect(await seen(bot, 'You agreed', 'U0BEN')).toMatchObject({ isEphemeral: true });
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toEqual([message]);
});

test('where the response_url fails, it is said as an ephemeral message', async () => {
  const { bot } = await proposed(async () => answerOf(say`You agreed`));
  await using _bot = bot;
  bot.sandbox.faults.failNext('response_url', { kind: 'http', status: 500 });
  await pressApprove(bot);
  expect(await seen(bot, 'You agreed', 'U0BEN')).toMatchObject({ isEphemeral: true });
  expect(bot.sandbox.calls.map(({ method }) => method)).toContain('chat.postEphemeral');
});

test('a press that Slack delivers twice acts once', async () => {
  let acts = 0;
  const { bot } = await proposed(async () => {
    acts += 1;
    return answerOf(say`Act ${acts}`);
  });
  await using _bot = bot;
  bot.sandbox.faults.deliverTwice();
  await pressApprove(bot);
  await seen(bot, 'Act 1', 'U0BEN');
  await expect.poll(() => bot.sandbox.deliveries.at(-1)?.acks).toHaveLength(2);
  expect(acts).toBe(1);
});

test('an act that nobody knows is answered, and so is one that fails', async () => {
  const bot = await startBot(async () => answerOf(say`Verdict`, { buttons: [APPROVE] }));
  await using _bot = bot;
  await ask(bot, 'health', 'U0BEN');
  const answer = await seen(bot, 'Verdict', 'U0BEN');
  await bot.sandbox.people.pressButton('U0BEN', answer, 'Approve');
  await seen(bot, 'another version of me', 'U0BEN');

  const failing = await proposed(async () => {
    throw new Error('broken');
  });
  await using _failing = failing.bot;
  await pressApprove(failing.bot);
  expect((await seen(failing.bot, 'Something went wrong', 'U0BEN')).isEphemeral).toBe(true);
});

test('a press that nothing comes of is answered after a minute all the same', async () => {
  const clock = new HeldClock();
  await using bot = await startBot(async () => answerOf(say`Verdict`, { buttons: [APPROVE] }), {
    onAct: () => new Promise(() => {}),
    clock,
  });
  await ask(bot, 'health');
  await bot.sandbox.people.pressButton('U0ANN', await seen(bot, 'Verdict'), 'Approve');
  await expect.poll(() => clock.waitsMs).toEqual([60_000]);
  clock.pass(60_000);
  await seen(bot, 'That took too long');
});

test('in an answer to one person there is no lasting message to name', async () => {
  const pressed: Pressed[] = [];
  await using bot = await startBot(async () => answerOf(say`Verdict`, { buttons: [APPROVE] }), {
    onAct: async (press) => {
      pressed.push(press);
      return undefined;
    },
  });
  await ask(bot, 'health');
  await bot.sandbox.people.pressButton('U0ANN', await seen(bot, 'Verdict'), 'Approve');
  await expect.poll(() => pressed).toHaveLength(1);
  expect(pressed[0]).toMatchObject({ message: undefined, channel: { id: CHANNEL } });
});

test('a form opens as a window for the presser', async () => {
  const { bot } = await proposed(async () => REASON);
  await using _bot = bot;
  await pressApprove(bot);
  const view = await bot.sandbox.people.waitFor(() => bot.sandbox.people.modalsOf('U0BEN')[0]);
  expect(view).toMatchObject({ title: 'Deny', submit: 'Deny', close: 'Go back' });
  expect(JSON.stringify(view.blocks)).toContain('Ann learns from it.');
  expect(bot.sandbox.people.modalsOf('U0ANN')).toEqual([]);
});

test('a form that came too late for Slack is a sentence that says to press again', async () => {
  const clock = new ManualClock();
  const { bot } = await proposed(async () => {
    clock.advance(3001);
    return REASON;
  }, startSandbox({ clock }));
  await using _bot = bot;
  await pressApprove(bot);
  expect((await seen(bot, 'Slack gives me three seconds', 'U0BEN')).text).toContain('Press again');
  expect(bot.sandbox.people.modalsOf('U0BEN')).toEqual([]);
});

test('a command may ask in a window instead of answering', async () => {
  await using bot = await startBot(async () => REASON);
  await ask(bot, 'purge');
  await bot.sandbox.people.waitFor(() => bot.sandbox.people.modalsOf('U0ANN')[0]);
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toEqual([]);
});

test('a lasting message has no Refresh and no Share, and its questions answer the presser alone', async () => {
  const { bot, message } = await proposed(async () => undefined);
  await using _bot = bot;
  expect(JSON.stringify(message.blocks)).not.toContain('Refresh');
  await bot.sandbox.people.pressButton('U0DANA', message, 'Backlog');
  expect(await seen(bot, 'You asked: backlog', 'U0DANA')).toMatchObject({ isEphemeral: true });
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toEqual([message]);
});
