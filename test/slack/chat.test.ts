import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { say } from '../../src/core/reply/text.ts';
import type { ApiFault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { boltLogger } from '../../src/slack/bolt-logger.ts';
import { openChat } from '../../src/slack/chat.ts';
import { openWebClients } from '../../src/slack/web-clients.ts';
import { answerOf, CHANNEL, type LogLine, logInto } from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** The chat port alone, on a clock that the test holds. */
function chatOf(sandbox: Pick<Sandbox, 'apiUrl' | 'botToken'>) {
  const clock = new HeldClock();
  const lines: LogLine[] = [];
  const log = logInto(lines);
  const { botToken, apiUrl } = sandbox;
  const clients = openWebClients({ botToken, apiUrl, logger: boltLogger(log) });
  return { chat: openChat(clients, clock, log), clock, lines };
}

const state = (nth: number) => answerOf(say`State ${nth}`);
const textsIn = (sandbox: Sandbox, channel = CHANNEL) =>
  sandbox.people.messagesSeenBy('U0ANN', channel).map(({ text }) => text);
const callsOf = (sandbox: Sandbox, wanted: string) => sandbox.calls.filter(({ method }) => method === wanted);
const editsOf = (sandbox: Sandbox) => callsOf(sandbox, 'chat.update').map(({ args }) => args['text']);
const error = (code: string): ApiFault => ({ kind: 'error', error: code });
const RATE_LIMITED: ApiFault = { kind: 'rate_limited', retryAfterS: 30 };

test('a post says it all in its text, unfolds no links, and can be answered in its thread', async () => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  const parts = [{ type: 'paragraph', text: say`Ann asks to purge 312 jobs.` }] as const;
  const ref = await chat.post(CHANNEL, answerOf(say`Proposed`, { parts }));
  await chat.post(CHANNEL, answerOf(say`Ben agrees`), ref);
  const [posted, reply] = sandbox.people.messagesSeenBy('U0ANN', CHANNEL);
  expect(posted).toMatchObject({ ts: ref.id, channel: ref.channel, isEphemeral: false });
  expect(posted?.text).toContain('Proposed\nAnn asks to purge 312 jobs.');
  expect(reply).toMatchObject({ threadTs: ref.id });
  expect(callsOf(sandbox, 'chat.postMessage')[0]?.args).toMatchObject({
    unfurl_links: 'false',
    unfurl_media: 'false',
  });
});

test('a message to a person can be edited, in the conversation that Slack names', async () => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  const ref = await chat.post('U0ANN', state(1));
  expect(ref.channel).toBe('D0ANN');
  await chat.update(ref, state(2));
  expect(textsIn(sandbox, 'D0ANN')).toEqual(['🟢 State 2']);
});

test('edits of a message never overtake each other, however long Slack takes for each', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  const shown: Promise<void>[] = [];
  for (let nth = 1; nth <= 40; nth += 1) {
    // Sent side by side, earlier ones would end up last.
    sandbox.faults.failNext('chat.update', { kind: 'delay', delayMs: Math.round(15 * Math.random()) });
    shown.push(chat.update(ref, state(nth)));
    clock.pass(2000);
    await setImmediate();
  }
  const all = Promise.all(shown);
  await expect.poll(() => clock.pass(2000) ?? textsIn(sandbox)).toEqual(['🟢 State 40']);
  await all;
  const order = editsOf(sandbox).map((text) => Number(String(text).split(' ').at(-1)));
  expect(order).toEqual(order.toSorted((one, other) => one - other));
});

test('an edit that a newer one has made needless is left out', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  await chat.update(ref, state(1));
  const shown = [2, 3, 4].map((nth) => chat.update(ref, state(nth)));
  await expect.poll(() => clock.waitsMs).toEqual([2000]);
  clock.pass(2000);
  await Promise.all(shown);
  expect(editsOf(sandbox)).toEqual(['🟢 State 1', '🟢 State 4']);
});

test('a message is edited at most every two seconds, and others meanwhile', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const [one, other] = [await chat.post(CHANNEL, state(0)), await chat.post(CHANNEL, state(0))];
  await chat.update(one, state(1));
  const second = chat.update(one, state(2));
  await chat.update(other, state(3));
  expect(editsOf(sandbox)).toEqual(['🟢 State 1', '🟢 State 3']);
  await expect.poll(() => clock.waitsMs).toEqual([2000, 2000]);
  clock.pass(1999);
  expect(editsOf(sandbox)).toHaveLength(2);
  clock.pass(2000);
  await second;
  expect(editsOf(sandbox)).toHaveLength(3);
});

test('where Slack asks to wait, the newest state is shown after that, and other channels go on', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const [here, there] = [await chat.post(CHANNEL, state(0)), await chat.post('C0ALERTS', state(0))];
  sandbox.faults.failNext('chat.update', RATE_LIMITED);
  const first = chat.update(here, state(1));
  await expect.poll(() => clock.waitsMs).toEqual([2000]);
  const second = chat.update(here, state(2));
  const post = chat.post(CHANNEL, state(9));
  clock.pass(2000);
  await expect.poll(() => clock.waitsMs).toEqual([30_000, 28_000]);
  await chat.update(there, state(3));
  clock.pass(30_000);
  await Promise.all([first, second, post]);
  expect(editsOf(sandbox)).toEqual(['🟢 State 1', '🟢 State 3', '🟢 State 2']);
  expect(textsIn(sandbox)).toEqual(['🟢 State 2', '🟢 State 9']);
});

test('a post that Slack asks to hold back is posted once, after that time', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', RATE_LIMITED);
  const post = chat.post(CHANNEL, state(1));
  await expect.poll(() => clock.waitsMs).toEqual([30_000]);
  await chat.post('C0ALERTS', state(2));
  clock.pass(30_000);
  await post;
  expect(textsIn(sandbox)).toEqual(['🟢 State 1']);
});

test.each([
  { kind: 'http', status: 500 },
  { kind: 'error', error: 'internal_error' },
  { kind: 'error', error: 'fatal_error' },
  { kind: 'error', error: 'service_unavailable' },
] as const)('a post that may have been taken is not sent again (%o)', async (fault) => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', fault);
  await expect(chat.post(CHANNEL, state(1))).rejects.toMatchObject({
    name: 'ChatFailed',
    code: 'outcome_unknown',
    message: expect.stringContaining('Look whether it is there'),
  });
  expect(callsOf(sandbox, 'chat.postMessage')).toHaveLength(1);
});

test('a post that came cut off was surely not taken', async () => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', { kind: 'error', error: 'request_timeout' });
  await expect(chat.post(CHANNEL, state(1))).rejects.toMatchObject({ code: 'request_timeout' });
});

test('a post that never reached Slack is sent again some times', async () => {
  const port = await closedPort();
  const { chat, clock } = chatOf({ apiUrl: `http://127.0.0.1:${port}/api/`, botToken: 'xoxb-1' });
  const failed = expect(chat.post(CHANNEL, state(1))).rejects.toMatchObject({ code: 'unreachable' });
  for (let nth = 1; nth < 4; nth += 1) {
    await expect.poll(() => clock.waitsMs).toEqual([1000]);
    clock.pass(1000);
  }
  await failed;
});

test('an edit that may have been taken is sent again, since twice is the same as once', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  sandbox.faults.failNext('chat.update', { kind: 'http', status: 503 });
  const shown = chat.update(ref, state(1));
  await expect.poll(() => clock.waitsMs).toEqual([2000]);
  clock.pass(2000);
  await shown;
  expect(textsIn(sandbox)).toEqual(['🟢 State 1']);
});

test.each([
  ['message_not_found', 'somebody deleted it'],
  ['edit_window_closed', 'too old'],
  ['cant_update_message', 'no longer lets me edit'],
  ['channel_not_found', 'Invite me'],
  ['token_revoked', 'no longer takes my token'],
  ['something_new', 'something_new'],
])('an edit refused with %s fails at once and says what to do', async (code, words) => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  sandbox.faults.failNext('chat.update', error(code));
  await expect(chat.update(ref, state(1))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});

test.each([
  ['not_in_channel', '/invite'],
  ['is_archived', 'Unarchive it'],
  ['restricted_action', 'only some people'],
])('a post refused with %s fails at once and says what to do', async (code, words) => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', error(code));
  await expect(chat.post(CHANNEL, state(1))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});

test('where charts are not taken, messages go out with words for them', async () => {
  await using sandbox = await startSandbox();
  const { chat } = chatOf(sandbox);
  const chart = { title: 'Waiting', xLabel: '', yLabel: '', categories: ['a', 'b'] };
  const series = [{ name: 'jobs', values: [1, 9] }];
  const content = answerOf(say`Verdict`, {
    parts: [{ type: 'chart', chart: { type: 'line', ...chart, series } }],
  });
  sandbox.faults.failNext('chat.postMessage', error('invalid_blocks'));
  const ref = await chat.post(CHANNEL, content);
  sandbox.faults.failNext('chat.update', error('invalid_blocks'));
  await chat.update(ref, content);
  const sent = [...callsOf(sandbox, 'chat.postMessage'), ...callsOf(sandbox, 'chat.update')];
  const hasChart = sent.map(({ args }) => JSON.stringify(args['blocks']).includes('data_visualization'));
  expect(hasChart).toEqual([true, false, true, false]);
  expect(JSON.stringify(sandbox.people.messagesSeenBy('U0ANN', CHANNEL)[0]?.blocks)).toContain('▂█');
});

test('on stopping, what waits to be shown is shown at once', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  await chat.update(ref, state(1));
  const last = chat.update(ref, state(2));
  await chat.drain(5000);
  await last;
  expect(textsIn(sandbox)).toEqual(['🟢 State 2']);
  expect(clock.waitsMs).toEqual([]);
});

test('stopping does not wait for ever for a Slack that asks to wait, and says so', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock, lines } = chatOf(sandbox);
  const ref = await chat.post(CHANNEL, state(0));
  sandbox.faults.failNext('chat.update', RATE_LIMITED);
  const stopped = expect(chat.update(ref, state(1))).rejects.toMatchObject({ code: 'stopped' });
  const drained = chat.drain(5000);
  await expect.poll(() => clock.waitsMs).toEqual([5000, 30_000]);
  clock.pass(5000);
  await drained;
  await stopped;
  expect(lines.map(({ message }) => message)).toContain(
    'stopped before every message showed its newest state',
  );
  await expect(chat.post(CHANNEL, state(2))).rejects.toMatchObject({ code: 'stopped' });
});

/** A port on which nobody listens: the system has just given it to us. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a clock that is set back while Slack asks to wait makes nobody wait longer than that', async () => {
  await using sandbox = await startSandbox();
  const { chat, clock } = chatOf(sandbox);
  sandbox.faults.failNext('chat.postMessage', RATE_LIMITED);
  const posted = chat.post(CHANNEL, state(1));
  await expect.poll(() => clock.waitsMs).toEqual([30_000]);
  clock.set(-3_600_000);
  clock.pass(30_000);
  await posted;
  expect(textsIn(sandbox)).toEqual(['🟢 State 1']);
});
