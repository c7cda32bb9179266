import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Form } from '../../src/core/reply/form.ts';
import { refuse } from '../../src/core/reply/reply.ts';
import { say } from '../../src/core/reply/text.ts';
import type { OnForm, Submitted } from '../../src/ports/chat.ts';
import type { Values } from '../../src/sandbox/page/api.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { postSigned } from '../../src/sandbox/signed-post.ts';
import { startSlack } from '../../src/slack/connect.ts';
import { submissionIn } from '../../src/slack/submission.ts';
import {
  answerOf,
  ask,
  type Bot,
  CHANNEL,
  CLOCK,
  hidden,
  type LogLine,
  logInto,
  seen,
  startBot,
  UNKNOWING,
} from './bot.ts';
import { HeldClock } from './held-clock.ts';

const PURGE: Form = {
  type: 'form',
  form: 'purge.propose',
  title: 'Purge a class',
  submit: 'Propose',
  value: 'payroll',
  words: [say`Nothing is removed before somebody agrees.`],
  fields: [
    {
      name: 'class',
      label: 'Class',
      hint: 'As in health',
      input: { type: 'text', isLong: false, maxLength: 200 },
    },
    {
      name: 'queue',
      label: 'Queue',
      isOptional: true,
      input: { type: 'choice', choices: [{ value: 'critical', label: 'critical' }] },
    },
    {
      name: 'reason',
      label: 'Why?',
      isOptional: true,
      input: { type: 'text', isLong: true, maxLength: 500 },
    },
  ],
};
const FILLED: Values = { class: { value: 'DisasterJob' }, queue: { value: ['critical'] } };

/** A bot whose command opens the form, and the window that Ann has open. */
async function opened(onForm: OnForm, form: Form = PURGE, clock = CLOCK) {
  const bot = await startBot(async () => form, { onForm, clock });
  await ask(bot, 'purge');
  const view = await bot.sandbox.people.waitFor(() => bot.sandbox.people.modalsOf('U0ANN')[0]);
  return { bot, view, submit: (values = FILLED) => submit(bot, view.id, values) };
}

const submit = (bot: Bot, viewId: string, values: Values) =>
  bot.sandbox.people.submit({ as: 'U0ANN', viewId, values });

const errors = (...entries: [string, string][]) => ({ type: 'errors', errors: new Map(entries) }) as const;

test('what was typed and chosen is told with who, what it is about, and where it was asked for', async () => {
  const submitted: Submitted[] = [];
  const { bot, submit } = await opened(async (form) => {
    submitted.push(form);
    return answerOf(say`Proposed`);
  });
  await using _bot = bot;
  expect(await submit()).toEqual({ ok: true });
  expect(submitted).toEqual([
    {
      form: 'purge.propose',
      value: 'payroll',
      fields: new Map([
        ['class', 'DisasterJob'],
        ['queue', 'critical'],
      ]),
      actor: expect.objectContaining({ id: 'U0ANN', name: 'Ann' }),
      channel: expect.objectContaining({ id: CHANNEL }),
    },
  ]);
  expect(await seen(bot, 'Proposed')).toMatchObject({ channel: CHANNEL, isEphemeral: true });
  expect(bot.sandbox.people.modalsOf('U0ANN')).toEqual([]);
});

test('errors stand beside their fields, the window stays, and nothing is said in the channel', async () => {
  const { bot, submit } = await opened(async () => errors(['class', 'No such class.'], ['unheard', 'of']));
  await using _bot = bot;
  expect(await submit()).toEqual({ ok: false, errors: { class: 'No such class.' } });
  expect(bot.sandbox.people.modalsOf('U0ANN')).toHaveLength(1);
  expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toEqual([]);
});

test('errors for no field of the form are said in the channel', async () => {
  const { bot, submit } = await opened(async () => errors(['unheard', 'Too many proposals are open.']));
  await using _bot = bot;
  expect(await submit()).toEqual({ ok: true });
  await seen(bot, 'Too many proposals are open.');
});

test('a form that is taken without a word closes its window', async () => {
  const { bot, submit } = await opened(async () => undefined);
  await using _bot = bot;
  expect(await submit()).toEqual({ ok: true });
  expect(bot.sandbox.people.modalsOf('U0ANN')).toEqual([]);
});

test.each([
  ['an answer', async () => answerOf(say`Proposed after all`), 'Proposed after all'],
  ['an error', async () => errors(['class', 'No such class after all.']), 'No such class after all.'],
  ['a failure', () => Promise.reject(new Error('broken')), 'Something went wrong on my side'],
] as const)(
  'when it takes long, the window closes in time and %s comes in the channel',
  async (_, late, words) => {
    const clock = new HeldClock();
    const done = Promise.withResolvers<void>();
    const { bot, submit } = await opened(
      async () => {
        await done.promise;
        return late();
      },
      PURGE,
      clock,
    );
    await using _bot = bot;
    const outcome = submit();
    await expect.poll(() => clock.waitsMs).toContain(2000);
    clock.pass(2000);
    expect(await outcome).toEqual({ ok: true });
    expect(bot.sandbox.people.messagesSeenBy('U0ANN', CHANNEL)).toEqual([]);
    done.resolve();
    expect(await seen(bot, words)).toMatchObject({ isEphemeral: true });
  },
);

test('a quick failure is said in the window, with the reference that stands in the log', async () => {
  const { bot, submit } = await opened(() => Promise.reject(new Error('broken')));
  await using _bot = bot;
  expect(await submit()).toEqual({ ok: true });
  const [view] = bot.sandbox.people.modalsOf('U0ANN');
  expect(view).toMatchObject({ title: 'Something went wrong' });
  const logged = bot.lines.find(({ message }) => message === 'a form failed')?.fields;
  expect(JSON.stringify(view?.blocks)).toContain(Object(logged).reference);
});

test('a submission that Slack delivers twice counts once, and both copies are answered alike', async () => {
  let submissions = 0;
  const { bot, submit } = await opened(async () => {
    submissions += 1;
    return errors(['class', 'No such class.']);
  });
  await using _bot = bot;
  bot.sandbox.faults.deliverTwice();
  expect(await submit()).toMatchObject({ errors: { class: 'No such class.' } });
  await expect.poll(() => bot.sandbox.deliveries.at(-1)?.acks).toHaveLength(2);
  const [first, second] = bot.sandbox.deliveries.at(-1)?.acks ?? [];
  expect(second?.payload).toEqual(first?.payload);
  expect(submissions).toBe(1);
});

test('a form that nobody knows any more says so in the channel', async () => {
  await using bot = await startBot(async () => PURGE);
  await ask(bot, 'purge');
  const view = await bot.sandbox.people.waitFor(() => bot.sandbox.people.modalsOf('U0ANN')[0]);
  expect(await submit(bot, view.id, FILLED)).toEqual({ ok: true });
  await seen(bot, 'another version of me');
});

test('a form asked for long ago is answered all the same', async () => {
  const { bot, submit } = await opened(async () => refuse('no', say`Not now.`, say`Try later.`));
  await using _bot = bot;
  bot.sandbox.faults.failNext('response_url', { kind: 'http', status: 404 });
  await submit();
  expect(await seen(bot, 'Not now.')).toMatchObject({ isEphemeral: true });
});

test('a window whose state cannot be read is answered in the window, changes nothing, and is no error', async () => {
  const submitted: Submitted[] = [];
  const onForm: OnForm = async (form) => {
    submitted.push(form);
    return undefined;
  };
  await using bot = await startOverHttp(onForm);
  const odd = readFileSync('test/fuzz/corpus/submission.txt', 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    // Bolt itself takes nothing without a person and a window.
    .filter((body) => body.user !== null && body.view !== null && submissionIn(body) === undefined);
  expect(odd.length).toBeGreaterThan(5);
  for (const body of odd) {
    const answer = await bot.post(body);
    const which = JSON.stringify(body.view);
    expect(answer, which).toMatchObject({ ok: true, payload: { response_action: 'update' } });
    expect(JSON.stringify(answer), which).toContain('Nothing was done');
  }
  expect(submitted).toEqual([]);
  expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

/** A bot to which deliveries come that Slack's stand-in would not make. */
async function startOverHttp(onForm: OnForm) {
  const lines: LogLine[] = [];
  await using opened = new AsyncDisposableStack();
  const sandbox = opened.use(await startSandbox());
  const slack = await startSlack({
    settings: {
      botToken: hidden(sandbox.botToken),
      apiUrl: sandbox.apiUrl,
      mode: { type: 'http', signingSecret: hidden(sandbox.signingSecret) },
    },
    http: { host: '127.0.0.1', port: 0, routes: [] },
    answer: async () => PURGE,
    ...UNKNOWING,
    onForm,
    log: logInto(lines),
    clock: CLOCK,
    onFatal: () => {},
  });
  opened.defer(() => slack.stop());
  const { signingSecret } = sandbox;
  const url = `http://127.0.0.1:${slack.address?.port}/slack/events`;
  const stack = opened.move();
  return {
    lines,
    post: (payload: object) =>
      postSigned(
        { url, signingSecret },
        { kind: 'interactive', payload: payload as never },
        Math.floor(Date.now() / 1000),
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test('whatever a form holds, its window is within Slack’s limits', async () => {
  const long = 'é'.repeat(4000);
  const choices = Array.from({ length: 130 }, (_, nth) => ({ value: `v${nth}`, label: `${nth} ${long}` }));
  const { bot, view } = await opened(async () => undefined, {
    ...PURGE,
    title: long,
    submit: long,
    words: [say`${long}`, say``],
    fields: [
      { name: 'text', label: long, hint: long, input: { type: 'text', isLong: true, maxLength: 99_999 } },
      { name: 'choice', label: '', input: { type: 'choice', choices } },
    ],
  });
  await using _bot = bot;
  expect(view.title.length).toBeLessThanOrEqual(24);
});
