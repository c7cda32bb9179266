import { expect, test } from 'vitest';
import { HOME } from '../../src/core/people.ts';
import { type Button, refuse } from '../../src/core/reply/reply.ts';
import { say } from '../../src/core/reply/text.ts';
import { Answering } from '../../src/flow/answer.ts';
import type { Command } from '../../src/flow/command.ts';
import { StoreError } from '../../src/ports/store.ts';
import { startSlack } from '../../src/slack/connect.ts';
import type { Answer } from '../../src/slack/conversation.ts';
import type { DrawHome } from '../../src/slack/home.ts';
import { eventually } from '../eventually.ts';
import { NO_RECORDS } from '../no-records.ts';
import {
  answerOf,
  ask,
  type Bot,
  CHANNEL,
  CLOCK,
  echo,
  hidden,
  logInto,
  memosInMemory,
  seen,
  startBot,
  UNKNOWING,
} from './bot.ts';
import { HeldClock } from './held-clock.ts';

test('a command is acknowledged and answered to the asking person alone', async () => {
  await using bot = await startBot(echo);
  await ask(bot, 'health on payroll');
  const answer = await seen(bot, 'You asked: health on payroll');
  expect(answer).toMatchObject({ channel: CHANNEL, isEphemeral: true, from: 'U0POISON' });
  expect(answer.blocks[0]).toMatchObject({ type: 'header' });
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toEqual([]);
  expect(bot.sandbox.deliveries[0]?.acks).toHaveLength(1);
});

test('who asks and where are told as Slack knows them, and asked for once', async () => {
  const questions: unknown[] = [];
  await using bot = await startBot(async (question) => {
    questions.push(question);
    return answerOf(say`answer ${questions.length}`);
  });
  await ask(bot, 'health');
  await seen(bot, 'answer 1');
  await ask(bot, 'health');
  await seen(bot, 'answer 2');
  expect(questions[1]).toEqual({
    text: 'health',
    asker: {
      id: 'U0ANN',
      name: 'Ann',
      isBot: false,
      isGuest: false,
      isOutsider: false,
      isDeactivated: false,
      enterpriseUserId: null,
    },
    channel: { id: CHANNEL, name: 'payroll-incidents', isExternal: false, isDirect: false },
  });
  const methods = bot.sandbox.calls.map(({ method }) => method);
  expect(methods.filter((method) => method === 'users.info')).toHaveLength(1);
  expect(methods.filter((method) => method === 'conversations.info')).toHaveLength(1);
});

const HEALTH: Command = {
  name: 'health',
  usage: 'health',
  summary: 'how it is',
  words: { max: 0, options: {} },
  sidekiqs: 'none',
  run: async () => answerOf(say`All is well`),
};
const SIDEKIQ = {
  policy: { name: 'payroll', channels: [], pollMs: 5000, queues: new Map(), classes: new Map() },
  observe: () => Promise.reject(new Error('not asked for')),
  countBacklog: () => Promise.reject(new Error('not asked for')),
  findClass: () => Promise.reject(new Error('not asked for')),
  survey: () => Promise.reject(new Error('not asked for')),
  suspicion: () => Promise.reject(new Error('not asked for')),
  classFigures: () => Promise.reject(new Error('not asked for')),
};
const answering = new Answering([HEALTH], [SIDEKIQ], CLOCK, NO_RECORDS);
const real = answering.ask.bind(answering);

test.each([
  ['a guest', 'U0GUS', CHANNEL, 'You are a guest of this workspace'],
  ['an outsider', 'U0OLGA', 'C0VENDOR', 'You belong to another organisation'],
  [
    'a member in a channel shared with another company',
    'U0ANN',
    'C0VENDOR',
    'shared with another organisation',
  ],
])('%s is refused with the reason', async (_, person, channel, reason) => {
  await using bot = await startBot(real);
  await ask(bot, 'health', person, channel);
  expect(await seen(bot, reason, person)).toMatchObject({ isEphemeral: true });
});

test('when Slack does not say who asks, nobody is let in', async () => {
  await using bot = await startBot(real);
  bot.sandbox.faults.failNext('users.info', { kind: 'error', error: 'missing_scope' });
  await ask(bot, 'health');
  await seen(bot, 'I could not find out who you are');
  await ask(bot, 'health');
  await seen(bot, 'All is well');
});

test('a member may ask in a direct message, where the bot cannot look the channel up', async () => {
  await using bot = await startBot(real);
  await ask(bot, 'health', 'U0ANN', 'D0ANN');
  await seen(bot, 'All is well');
});

test('unknown words are answered with what was meant, and the button runs it', async () => {
  await using bot = await startBot(real);
  await ask(bot, 'heatlh');
  const refusal = await seen(bot, 'heatlh is not a command');
  expect(refusal.text).toContain('Did you mean health?');
  await bot.sandbox.people.pressButton('U0ANN', refusal, 'Run health');
  await seen(bot, 'All is well');
});

test('what Slack makes of typed words is undone', async () => {
  await using bot = await startBot(echo);
  await ask(bot, 'purge A&amp;B &lt;x&gt; <https://x.io/1|x.io/1> <@U0ANN|ann>');
  const { blocks } = await seen(bot, 'You asked');
  expect(JSON.stringify(blocks)).toContain('purge A&B <x> x.io/1 <@U0ANN|ann>');
});

const BUTTONS: readonly Button[] = [
  { type: 'ask', label: 'Backlog', command: 'backlog critical' },
  { type: 'refresh', command: 'health' },
  { type: 'share' },
];

function counting() {
  let asked = 0;
  return async ({ text }: { readonly text: string }) => {
    asked += 1;
    return answerOf(say`${text}, answer ${asked}`, { buttons: BUTTONS });
  };
}

test('an ask button runs its command as if it had been typed, for whoever presses it', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Backlog');
  expect(await seen(bot, 'backlog critical, answer 2')).toMatchObject({ isEphemeral: true });
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toHaveLength(2);
});

test('Refresh asks again and replaces the answer in its place', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Refresh');
  expect((await seen(bot, 'health, answer 2')).ts).toBe(first.ts);
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toHaveLength(1);
});

test('Share posts the answer as it was seen, with who shared it, and does so once', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  const shared = await seen(bot, 'Shared by <@U0ANN>', 'U0BEN');
  expect(shared).toMatchObject({ isEphemeral: false, text: expect.stringContaining('health, answer 1') });
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'This answer stands in the channel already');
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('two presses of Share at once post once', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  const { people } = bot.sandbox;
  await Promise.all([
    people.pressButton('U0ANN', first, 'Share'),
    people.pressButton('U0ANN', first, 'Share'),
  ]);
  await seen(bot, 'This answer stands in the channel already');
  expect(people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('another bot shares the answer as it was seen, and knows what was shared already', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const [first, { people }] = [await seen(bot, 'health, answer 1'), bot.sandbox];
  await bot.slack.stop();
  await using _other = await startBotOn(bot);
  await people.pressButton('U0ANN', first, 'Share');
  expect((await seen(bot, 'Shared by <@U0ANN>', 'U0BEN')).text).toContain('health, answer 1');
  await _other.stop();
  await using _third = await startBotOn(bot);
  await people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'This answer stands in the channel already');
  expect(people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('a Share that Slack delivers to two bots posts once', async () => {
  await using bot = await startBot(counting());
  await using _other = await startBotOn(bot);
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  bot.sandbox.faults.deliverTwice();
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  expect(new Set(bot.sandbox.deliveries.at(-1)?.connections).size).toBe(2);
  await seen(bot, 'This answer stands in the channel already');
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('an answer that is forgotten is asked for again, shared as it is now, and that is said; once, too', async () => {
  await using bot = await startBot(counting(), { memos: memosInMemory() });
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  await bot.slack.stop();
  await using _other = await startBotOn(bot, memosInMemory());
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'Shared by <@U0ANN>', 'U0BEN');
  await seen(bot, 'I no longer have the answer that you saw');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'This answer stands in the channel already');
  expect(bot.sandbox.people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('where only that it was asked again can’t be said, the answer stands there all the same, and is not posted twice', async () => {
  await using bot = await startBot(counting(), { memos: memosInMemory() });
  await ask(bot, 'health');
  const [first, { people, faults }] = [await seen(bot, 'health, answer 1'), bot.sandbox];
  await bot.slack.stop();
  await using _other = await startBotOn(bot, memosInMemory());
  faults.failNext('response_url', { kind: 'http', status: 500 });
  faults.failNext('chat.postEphemeral', { kind: 'error', error: 'channel_not_found' });
  await people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'Something went wrong on my side');
  await people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'This answer stands in the channel already');
  expect(people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
});

test('while the store is down Share works at the bot that answered, and once', async () => {
  const down = () => Promise.reject(new StoreError('unavailable', 'It is down.'));
  const memos = { addMemo: down, memo: down, removeMemo: down, forgetMemos: down };
  await using bot = await startBot(counting(), { memos });
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  expect((await seen(bot, 'Shared by', 'U0BEN')).text).toContain('health, answer 1');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'This answer stands in the channel already');
});

test('where the bot is no member, Share says to invite it, and works after that', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  const first = await seen(bot, 'health, answer 1');
  bot.sandbox.faults.failNext('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  expect((await seen(bot, 'I am not in this channel')).text).toContain('/invite');
  await bot.sandbox.people.pressButton('U0ANN', first, 'Share');
  await seen(bot, 'Shared by <@U0ANN>', 'U0BEN');
});

test('a shared answer’s buttons answer to whoever presses them alone', async () => {
  await using bot = await startBot(counting());
  await ask(bot, 'health');
  await bot.sandbox.people.pressButton('U0ANN', await seen(bot, 'health, answer 1'), 'Share');
  const shared = await seen(bot, 'Shared by', 'U0BEN');
  await bot.sandbox.people.pressButton('U0BEN', shared, 'Backlog');
  expect(await seen(bot, 'backlog critical', 'U0BEN')).toMatchObject({ isEphemeral: true });
});

test('Home is drawn for who opens it, anew at Refresh, and its questions are asked on Home', async () => {
  let drawn = 0;
  const places: unknown[] = [];
  const home: DrawHome = async (person) => {
    drawn += 1;
    const headline = say`Drawn ${drawn} for ${person?.name ?? '?'}`;
    const buttons = [{ type: 'ask', label: 'Health', command: 'health' }] as const;
    return { type: 'home', tone: 'good', headline, sections: [{ parts: [], buttons }] };
  };
  const answer: Answer = async ({ text, channel }) => {
    places.push(channel);
    return answerOf(say`You asked: ${text}`, { buttons: [{ type: 'refresh', command: text }] });
  };
  await using bot = await startBot(answer, { home });
  const { people } = bot.sandbox;
  const shows = (words: string) =>
    people.waitFor(() => {
      const view = people.homeOf('U0ANN');
      return JSON.stringify(view?.blocks ?? []).includes(words) ? view : undefined;
    });
  await people.openHome('U0ANN');
  await people.pressButton('U0ANN', await shows('Drawn 1 for Ann'), 'Refresh');
  await people.pressButton('U0ANN', await shows('Drawn 2 for Ann'), 'Health');
  const told = await seen(bot, 'You asked: health');
  expect(told.channel).toBe('D0ANN');
  expect(JSON.stringify(told.blocks)).not.toContain('Refresh');
  expect(places).toEqual([HOME]);
});

test('where Home can’t be drawn, it says so', async () => {
  await using bot = await startBot(echo, { home: () => Promise.reject(new Error('broken')) });
  const { people } = bot.sandbox;
  await people.openHome('U0ANN');
  const home = await people.waitFor(() => people.homeOf('U0ANN'));
  expect(JSON.stringify(home.blocks)).toContain('Something went wrong on my side');
});

test('Home waits as long as Slack asks for, and then shows what it was to show', async () => {
  const clock = new HeldClock();
  const home: DrawHome = async () => ({
    type: 'home',
    tone: 'good',
    headline: say`All is well`,
    sections: [],
  });
  await using bot = await startBot(echo, { home, clock });
  const { people, faults } = bot.sandbox;
  faults.failNext('views.publish', { kind: 'rate_limited', retryAfterS: 2 }, 2);
  await people.openHome('U0ANN');
  for (let nth = 0; nth < 2; nth += 1) {
    await eventually(() => clock.waitsMs.includes(2000));
    clock.pass(2000);
  }
  const shown = await people.waitFor(() => people.homeOf('U0ANN'));
  expect(JSON.stringify(shown.blocks)).toContain('All is well');
});

test('a refusal is said without a header', async () => {
  await using bot = await startBot(async () => refuse('no', say`No.`, say`Try otherwise.`));
  await ask(bot, 'x');
  expect(await seen(bot, 'No.\nTry otherwise.')).toMatchObject({ isEphemeral: true });
});

async function startBotOn({ sandbox }: Bot, memos = UNKNOWING.memos) {
  const slack = await startSlack({
    settings: {
      botToken: hidden(sandbox.botToken),
      apiUrl: sandbox.apiUrl,
      mode: { type: 'socket', appToken: hidden(sandbox.appToken) },
    },
    http: { host: '127.0.0.1', port: 0, routes: [] },
    answer: counting(),
    ...UNKNOWING,
    memos,
    log: logInto([]),
    clock: CLOCK,
    onFatal: () => {},
  });
  return { ...slack, [Symbol.asyncDispose]: () => slack.stop() };
}
