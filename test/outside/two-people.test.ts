import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import {
  auditOf,
  type Bot,
  CHANNEL,
  current,
  filled,
  forge,
  propose,
  reads,
  type Stage,
  setStage,
  told,
  valueOn,
} from './stage.ts';
import { startWorker, type Worker } from './worker.ts';

const HOSTS = [
  'host-first',
  'host-own',
  'host-admin',
  'host-others',
  'host-denied',
  'host-forged',
  'host-twice',
  'host-window',
  'host-again',
  'host-silence',
  'host-restart',
  'host-spare',
] as const;

let stage: Stage;
let bot: Bot;
/** All of them live throughout: a process that came or went would change what the plans of others touch. */
const workers = new Map<string, Worker>();
beforeAll(async () => {
  stage = await setStage({ audit: { channel: 'C0AUDIT' } });
  for (const host of HOSTS) workers.set(host, await startWorker(stage.redisUrl, host));
  bot = await stage.startBot();
}, 60_000);
afterAll(async () => {
  for (const worker of workers.values()) await worker[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

function workerOn(host: (typeof HOSTS)[number]): Worker {
  const worker = workers.get(host);
  if (worker === undefined) throw new Error(`${host} was not started`);
  return worker;
}

const press = (as: string, message: Message, label: string) =>
  stage.sandbox.people.pressButton(as, current(stage, message), label);

test('one asks, another agrees, the process becomes quiet, and each step stands in the message and on record', async () => {
  const worker = workerOn('host-first');
  const message = await propose(stage, 'host-first');
  expect(message.text).toContain('Ann asks to quiet');
  expect(message.text).toContain(worker.identity);
  expect(message.text).toContain('waits for approval');
  await press('U0BEN', message, 'Approve');
  const done = await reads(stage, message, ': done');
  expect(done.text).toContain('The process is quiet');
  expect(JSON.stringify(done.blocks)).not.toContain('"button"');
  expect(worker.signals).toEqual(['TSTP']);
  const { verified, records } = await auditOf(stage);
  expect(verified.code).toBe(0);
  expect(records.map(({ what }) => what)).toEqual([
    'bot started',
    'settings changed',
    'proposed',
    'vote',
    'approved',
    'started',
    'step',
    'step',
    'done',
  ]);
});

test('nobody approves what they proposed: not as approver, not as admin, not twice, not under another id of theirs', async () => {
  const worker = workerOn('host-own');
  const message = await propose(stage, 'host-own');
  await press('U0ANN', message, 'Approve');
  await told(stage, 'U0ANN', 'your own word does not count');
  await press('U0ANN', message, 'Approve');
  // The same human, as another workspace of the organisation knows her.
  await press('U0ANNE', message, 'Approve');
  await told(stage, 'U0ANNE', 'your own word does not count');
  stage.sandbox.faults.deliverTwice();
  await press('U0ANN', message, 'Approve');
  await press('U0ANN', message, 'Cancel');
  await reads(stage, message, ': cancelled');

  const second = workerOn('host-admin');
  const byAdmin = await propose(stage, 'host-admin', 'U0BEN');
  await press('U0BEN', byAdmin, 'Approve');
  await told(stage, 'U0BEN', 'your own word does not count');
  expect(current(stage, byAdmin).text).toContain('waits for approval');
  expect([...worker.signals, ...second.signals]).toEqual([]);
});

test('guests, outsiders, people who are not named and people who were taken out are refused, each with the reason', async () => {
  const worker = workerOn('host-others');
  const message = await propose(stage, 'host-others');
  await press('U0GUS', message, 'Approve');
  await told(stage, 'U0GUS', 'Guests have no say here');
  await press('U0OLGA', message, 'Deny');
  await told(stage, 'U0OLGA', 'People of another organisation have no say here');
  await press('U0DANA', message, 'Approve');
  await told(stage, 'U0DANA', 'You are not among those who may approve');
  await press('U0DANA', message, 'Cancel');
  await told(stage, 'U0DANA', 'Only Ann, who proposed it');
  const members = stage.groups['S0LEADS'] ?? [];
  stage.groups['S0LEADS'] = members.filter((id) => id !== 'U0LEAD3');
  await press('U0LEAD3', message, 'Approve');
  await told(stage, 'U0LEAD3', 'You are not among those who may approve');
  stage.groups['S0LEADS'] = members;
  stage.sandbox.faults.failNext('usergroups.users.list', { kind: 'error', error: 'fatal_error' }, 2);
  await press('U0LEAD4', message, 'Approve');
  await told(stage, 'U0LEAD4', 'Slack could not be asked');
  expect(current(stage, message).text).toContain('waits for approval');
  expect(worker.signals).toEqual([]);
});

test('a denial asks for its reason, ends the proposal and leaves no button', async () => {
  const worker = workerOn('host-denied');
  const message = await propose(stage, 'host-denied');
  const value = valueOn(message, 'Approve');
  await press('U0BEN', message, 'Deny');
  const { people } = stage.sandbox;
  const modal = await people.waitFor(() => people.modalsOf('U0BEN').at(-1));
  await people.submit({ as: 'U0BEN', ...filled(modal, { reason: 'we deploy at noon anyway' }) });
  const denied = await reads(stage, message, ': denied');
  expect(denied.text).toContain('we deploy at noon anyway');
  expect(JSON.stringify(denied.blocks)).not.toContain('"button"');
  const late = await forge(stage, 'proposal.approve', value);
  await press('U0LEAD1', late, 'Press');
  await told(stage, 'U0LEAD1', 'It was denied by Ben');
  expect(worker.signals).toEqual([]);
});

test('a forged press does nothing: an unknown id, another plan, another act, nonsense', async () => {
  const worker = workerOn('host-forged');
  const message = await propose(stage, 'host-forged');
  const value = valueOn(message, 'Approve');
  const forgeries = [
    ['proposal.approve', 'zzzzzzzz/'.padEnd(73, 'a'), 'I know of no proposal'],
    ['proposal.approve', '{"approve":true}', 'I know of no proposal'],
    [
      'proposal.approve',
      `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`,
      'The plan is not the one',
    ],
    ['proposal.execute', value, 'I know of no proposal'],
  ] as const;
  for (const [index, [act, forged, words]] of forgeries.entries()) {
    await press(`U0LEAD${index}`, await forge(stage, act, forged), 'Press');
    await told(stage, `U0LEAD${index}`, words);
  }
  expect(current(stage, message).text).toContain('waits for approval');
  expect(worker.signals).toEqual([]);
});

test('the same thing proposed twice leads to the open one', async () => {
  const message = await propose(stage, 'host-twice');
  const id = valueOn(message, 'Approve').split('/')[0] ?? '';
  const text = '/sidekiq quiet host-twice:1 --reason again';
  await stage.sandbox.people.say({ as: 'U0BEN', channel: CHANNEL, text });
  await told(stage, 'U0BEN', `The same is open as ${id}`);
});

test('without a reason a window asks for it, and what is no process is refused', async () => {
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq quiet nobody' });
  await told(stage, 'U0ANN', 'No process is called nobody');
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq quiet host-window' });
  const modal = await people.waitFor(() => people.modalsOf('U0ANN').at(-1));
  await people.submit({ as: 'U0ANN', ...filled(modal, { reason: 'because' }) });
  await people.waitForMessage(
    'U0BEN',
    ({ text }) => text.includes('host-window') && text.includes('because'),
  );
});

test('an envelope that Slack delivers twice counts once', async () => {
  const worker = workerOn('host-again');
  const message = await propose(stage, 'host-again');
  stage.sandbox.faults.deliverTwice();
  await press('U0BEN', message, 'Approve');
  await reads(stage, message, ': done');
  expect(worker.signals).toEqual(['TSTP']);
});

test('what was approved finishes while Slack takes no edits, and its message is brought up to date afterwards', async () => {
  const worker = workerOn('host-silence');
  const message = await propose(stage, 'host-silence');
  stage.sandbox.faults.failNext('chat.update', { kind: 'http', status: 500 }, 3);
  await press('U0BEN', message, 'Approve');
  await stage.sandbox.people.waitFor(() => (worker.signals.length > 0 ? true : undefined)).catch(() => {});
  await reads(stage, message, ': done', 40_000);
  expect(worker.signals).toEqual(['TSTP']);
}, 60_000);

test('buttons survive a restart, the requester still does not count, what was said is on record, and a second witness has the head', async () => {
  const worker = workerOn('host-restart');
  const message = await propose(stage, 'host-restart');
  expect(await bot.stop()).toBe(0);
  bot = await stage.startBot();
  const before = saidTo('U0ANN');
  await press('U0ANN', message, 'Approve');
  await expect.poll(() => saidTo('U0ANN')).toBe(before + 1);
  expect(worker.signals).toEqual([]);
  await press('U0BEN', message, 'Approve');
  await reads(stage, message, ': done');
  expect(worker.signals).toEqual(['TSTP']);
  const { verified, records } = await auditOf(stage);
  expect(verified.stdout).toMatch(/^ok \d+ records head [0-9a-f]{64}/);
  expect(new Set(records.map(({ what }) => what))).toEqual(
    new Set([
      'bot started',
      'settings changed',
      'proposed',
      'refused',
      'cancelled',
      'denied',
      'vote',
      'approved',
      'started',
      'step',
      'done',
      'bot stopped',
    ]),
  );
  const witnessed = await stage.sandbox.people.waitForMessage(
    'U0BEN',
    ({ channel, text }) => channel === 'C0AUDIT' && text.includes('The audit log has'),
  );
  expect(witnessed.text).toMatch(/\d+:[0-9a-f]{64}/);
}, 60_000);

/** How often this person was told that their own word does not count. */
function saidTo(person: string): number {
  const { people } = stage.sandbox;
  return people
    .messagesSeenBy(person, CHANNEL)
    .filter(({ isEphemeral, text }) => isEphemeral && text.includes('your own word does not count')).length;
}
