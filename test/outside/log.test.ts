import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { CHANNEL, type Night, startNight } from '../faults/night.ts';
import { startPostgresServer } from '../postgres-server.ts';

type LogLine = Record<string, unknown>;

const linesOf = (night: Night): readonly LogLine[] =>
  night.bot
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

/** What warns: pino's levels from 40 on. */
const warningsOf = (night: Night): readonly LogLine[] =>
  linesOf(night).filter(({ level }) => Number(level) >= 40);

const isWarned = (night: Night, wanted: string) => () => warningsOf(night).some(({ msg }) => msg === wanted);

test('on a good day the lines of a request, and those of an action, can be found by its id', async () => {
  await using night = await startNight();
  await night.fill(10);
  const message = await night.propose();
  await night.approve(message);
  await night.takesAll(message, 10, 60_000);
  await night.stop(message);
  const lines = () => linesOf(night);
  await eventually(() => lines().some(({ msg }) => msg === 'an action has ended'));
  const of = (wanted: string) => lines().filter(({ msg }) => msg === wanted);
  const [began, ended] = [of('an action is carried out')[0], of('an action has ended')[0]];
  expect(began).toMatchObject({ action: 'purge', sidekiq: 'payroll', proposal: expect.any(String) });
  expect(ended).toMatchObject({ proposal: began?.['proposal'], end: 'stopped' });
  expect(message.text).toContain(began?.['proposal']);
  const answered = of('a request was answered');
  expect(answered.length).toBeGreaterThanOrEqual(2);
  const ids = answered.map(({ reference }) => reference);
  expect(new Set(ids).size).toBe(ids.length);
  for (const line of answered)
    expect(line).toMatchObject({
      reference: expect.stringMatching(/^[0-9a-f]{6}$/),
      user: expect.any(String),
    });
  // An action is nobody's request.
  expect(began).not.toHaveProperty('user');
}, 120_000);

/** Loops of the bot's own, which nobody asked for and which are about no one action. */
const NOBODYS = [
  'it could not be asked whose turn it is to watch',
  'what was seen could not be saved',
  'what was seen before could not be read; the watch begins anew',
  'history could not be written; it is tried again',
  'expiries and starts wait for the store',
  'live messages wait for the store',
  'the expiry of archives waits for the store',
  'an alert could not be told; it is tried again',
  'what is usual could not be read',
];

/** Nor is a turn of theirs, which is a lease as well. */
const isSomebodys = ({ msg, lease = 'action/' }: LogLine): boolean =>
  !NOBODYS.includes(String(msg)) && String(lease).startsWith('action/');

test('Slack fails in the middle of an action: its warnings carry the proposal, and nobody’s reference', async () => {
  await using night = await startNight();
  const { faults } = night.sandbox;
  await night.fill(20_000);
  const message = await night.propose();
  faults.failNext('chat.update', { kind: 'error', error: 'restricted_action' });
  faults.failNext('chat.postMessage', { kind: 'rate_limited', retryAfterS: 1 });
  await night.approveAndCatch(message, 20_000);
  night.line.delayMs = 0;
  await eventually(isWarned(night, 'the message of a proposal is behind; it is tried again'), 60_000);
  await night.takesAll(message, 20_000, 90_000);
  await eventually(isWarned(night, 'a post was not taken; trying again'), 60_000);
  const proposal = proposalOf(night);
  expect(message.text).toContain(proposal);
  for (const line of warningsOf(night)) {
    expect(line).toMatchObject({ proposal });
    expect(line).not.toHaveProperty('reference');
  }
}, 240_000);

test('the store fails in the middle of an action: no warning but those of the bot’s own loops lacks the proposal', async () => {
  await using postgres = await startPostgresServer();
  await using night = await startNight({ databaseUrl: await postgres.createDatabase() });
  await night.fill(20_000);
  const message = await night.propose();
  await night.approveAndCatch(message, 20_000);
  await postgres.kill();
  night.line.delayMs = 0;
  await eventually(() => warningsOf(night).some((line) => 'proposal' in line), 60_000);
  await postgres.start();
  await night.takesAll(message, 20_000, 120_000);
  const proposal = proposalOf(night);
  const warnings = warningsOf(night).filter(isSomebodys);
  expect(warnings.length).toBeGreaterThan(0);
  for (const line of warnings) expect(line).toMatchObject({ proposal });
}, 300_000);

test('Slack and the store fail in the middle of requests, typed and sent off: each warning carries its reference', async () => {
  await using postgres = await startPostgresServer();
  await using night = await startNight({ databaseUrl: await postgres.createDatabase() });
  const { faults, people } = night.sandbox;
  await night.fill(10);
  const unheard = () =>
    warningsOf(night).filter(
      ({ msg }) => msg === 'a response_url did not work; answering as an ephemeral message',
    );
  faults.failNext('response_url', { kind: 'http', status: 500 });
  await night.ask('backlog', /DisasterJob/);
  await eventually(() => unheard().length === 1);

  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq purge' });
  const view = await people.waitFor(() => people.modalsOf('U0ANN')[0]);
  await postgres.kill();
  faults.failNext('response_url', { kind: 'http', status: 500 });
  const values = {
    class: { value: 'Recurring::DisasterJob' },
    reason: { value: 'it kills the workers' },
  };
  await people.submit({ as: 'U0ANN', viewId: view.id, values });
  await eventually(() => unheard().length === 2);
  const warnings = warningsOf(night).filter(isSomebodys);
  for (const line of warnings)
    expect(line).toMatchObject({ reference: expect.stringMatching(/^[0-9a-f]{6}$/), user: 'U0ANN' });
  expect(new Set(warnings.map(({ reference }) => reference)).size).toBe(2);
}, 180_000);

function proposalOf(night: Night): unknown {
  return linesOf(night).find(({ msg }) => msg === 'an action is carried out')?.['proposal'];
}
