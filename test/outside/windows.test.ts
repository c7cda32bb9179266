import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, View } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { type PostgresServer, startPostgresServer } from '../postgres-server.ts';
import { job } from '../redis/reading.ts';
import {
  actionsOf,
  auditOf,
  type Bot,
  CHANNEL,
  current,
  filled,
  isProposal,
  reads,
  type Stage,
  setStage,
} from './stage.ts';
import { startWorker } from './worker.ts';

/** Windows that one bot opens and another gets back, as Slack likes to do it: it takes the next connection for each delivery. */
let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgresServer();
}, 60_000);
afterAll(() => postgres[Symbol.asyncDispose]());

const BAD = 'Recurring::DisasterJob';

async function twoBots(databaseUrl: string) {
  const stage = await setStage({ approvals: { confirm_from: 1 } });
  const bots = [await stage.startBot(databaseUrl), await stage.startBot(databaseUrl)] as const;
  return { stage, bots };
}

/** Again where the machine was too busy for Slack's three seconds, as people do. */
async function typed(stage: Stage, text: string): Promise<View> {
  const { people } = stage.sandbox;
  for (let tries = 0; tries < 5; tries += 1) {
    const told = saidToAnn(stage).length;
    await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq ${text}` });
    await people.waitFor(() => people.modalsOf('U0ANN')[0] ?? saidToAnn(stage)[told], 20_000);
    if (people.modalsOf('U0ANN').length > 0) return openWindow(stage);
  }
  throw new Error(`no window opened: ${saidToAnn(stage).at(-1)?.text}`);
}

function openWindow({ sandbox: { people } }: Stage, accepts = (_: View) => true): Promise<View> {
  const look = () => {
    const window = people.modalsOf('U0ANN').at(-1);
    return window !== undefined && accepts(window) ? window : undefined;
  };
  return people.waitFor(look, 20_000);
}

/** Sends it off, to another bot than the one that has just heard something. */
async function sentOff(stage: Stage, window: View, fields: Record<string, string>) {
  const [before] = stage.sandbox.deliveries.at(-1)?.connections ?? [];
  const outcome = await stage.sandbox.people.submit({ as: 'U0ANN', ...filled(window, fields) });
  expect(stage.sandbox.deliveries.at(-1)?.connections[0]).not.toBe(before);
  return outcome;
}

const asks = (words: string) => (message: Message) =>
  !message.isEphemeral && message.threadTs === undefined && message.text.includes(words);

const posted = (stage: Stage, words: string) =>
  stage.sandbox.people.waitForMessage('U0BEN', asks(words), 20_000);

const saidToAnn = ({ sandbox: { people } }: Stage) =>
  people.messagesSeenBy('U0ANN', CHANNEL).filter(({ isEphemeral }) => isEphemeral);

test('each window works at another bot: to type, to choose a class, to say why, for a purge, a restore and a write-off', async () => {
  const databaseUrl = await postgres.createDatabase();
  const { stage } = await twoBots(databaseUrl);
  await using _ = stage;
  const redis = new Redis(stage.redisUrl);
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', job(BAD), job(BAD));

  const choosing = await typed(stage, 'purge');
  const outcome = await sentOff(stage, choosing, { other: BAD, reason: 'it kills the workers' });
  expect(outcome).toEqual({ ok: true });
  const confirming = await openWindow(stage, ({ title }) => title === 'Propose');
  expect(await sentOff(stage, confirming, { typed: 'no such thing' })).toMatchObject({
    errors: { typed: expect.stringContaining('has to be confirmed by typing') },
  });
  expect(await sentOff(stage, confirming, { typed: BAD })).toEqual({ ok: true });
  const purge = await posted(stage, 'asks to purge');
  await stage.sandbox.people.pressButton('U0BEN', current(stage, purge), 'Approve');
  await stage.sandbox.people.pressButton('U0ANN', await reads(stage, purge, '2 of 2 done'), 'Stop');
  await reads(stage, purge, ': stopped');
  redis.disconnect();

  const [{ id } = { id: '' }] = await actionsOf(stage, databaseUrl);
  for (const [command, words] of [
    [`restore ${id} --percent 50`, 'asks to restore'],
    [`writeoff ${id}`, 'asks to write off'],
  ] as const) {
    const window = await typed(stage, command);
    const hint = /"text":"(\S+) or \d+"/.exec(JSON.stringify(window.blocks))?.[1] ?? '';
    expect(await sentOff(stage, window, { reason: 'because', typed: hint })).toEqual({ ok: true });
    const message = await posted(stage, words);
    await stage.sandbox.people.pressButton('U0ANN', message, 'Cancel');
    await reads(stage, message, 'cancelled');
  }
  expect(JSON.stringify(saidToAnn(stage))).not.toContain('Nothing was proposed');
}, 120_000);

test('a window that Slack delivers to both bots proposes once, and both say the same', async () => {
  const databaseUrl = await postgres.createDatabase();
  const { stage } = await twoBots(databaseUrl);
  await using _ = stage;
  await using worker = await startWorker(stage.redisUrl, 'host-both');
  const window = await typed(stage, 'quiet host-both');
  stage.sandbox.faults.deliverTwice();
  await sentOff(stage, window, { reason: 'because', typed: worker.identity });
  expect(new Set(stage.sandbox.deliveries.at(-1)?.connections).size).toBe(2);
  await posted(stage, 'asks to quiet');
  const receipts = () => saidToAnn(stage).filter(({ text }) => text.includes('Proposed as'));
  await eventually(() => receipts().length === 2);
  expect(new Set(receipts().map(({ text }) => text)).size).toBe(1);
  expect(JSON.stringify(saidToAnn(stage))).not.toContain('Nothing was proposed');
  const { verified, records } = await auditOf(stage, databaseUrl);
  expect(verified.code).toBe(0);
  expect(records.filter(({ what }) => what === 'proposed')).toHaveLength(1);
  expect(stage.sandbox.people.messagesSeenBy('U0BEN', CHANNEL).filter(isProposal)).toHaveLength(1);
}, 60_000);

test('an answer is shared as it was seen, at another bot than the one that gave it', async () => {
  const { stage } = await twoBots(await postgres.createDatabase());
  await using _ = stage;
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
  const answer = await people.waitForMessage('U0ANN', ({ isEphemeral }) => isEphemeral, 20_000);
  for (let nth = 0; nth < 2; nth += 1) await people.pressButton('U0ANN', answer, 'Share');
  const heardBy = stage.sandbox.deliveries.slice(-3).map(({ connections }) => connections[0]);
  expect(heardBy[1]).not.toBe(heardBy[0]);
  await eventually(() => JSON.stringify(saidToAnn(stage)).includes('stands in the channel already'));
  await posted(stage, 'Shared by');
  expect(JSON.stringify(saidToAnn(stage))).not.toContain('asked again');
  expect(people.messagesSeenBy('U0BEN', CHANNEL)).toHaveLength(1);
}, 60_000);

test('a bot that is killed over an open window takes nothing from it', async () => {
  const { stage, bots } = await twoBots(await postgres.createDatabase());
  await using _ = stage;
  await using worker = await startWorker(stage.redisUrl, 'host-killed');
  const window = await typed(stage, 'quiet host-killed');
  await openedBy(stage, bots).kill();
  expect(await sentOff(stage, window, { reason: 'because', typed: worker.identity })).toEqual({ ok: true });
  await posted(stage, 'asks to quiet');
}, 60_000);

test('a single bot that was started anew knows its windows', async () => {
  await using stage = await setStage();
  await using _ = await startWorker(stage.redisUrl, 'host-anew');
  const bot = await stage.startBot();
  const window = await typed(stage, 'quiet host-anew');
  expect(await bot.stop()).toBe(0);
  await stage.startBot();
  expect(await sentOff(stage, window, { reason: 'because' })).toEqual({ ok: true });
  await posted(stage, 'asks to quiet');
}, 60_000);

test('while the store is down no window asks for what could not be kept, and one that stands open stays, with its words', async () => {
  await using own = await startPostgresServer();
  const { stage } = await twoBots(await own.createDatabase());
  await using _ = stage;
  await using worker = await startWorker(stage.redisUrl, 'host-store');
  const window = await typed(stage, 'quiet host-store');
  await own.kill();
  const submit = () => sentOff(stage, window, { reason: 'because', typed: worker.identity });
  expect(await submit()).toMatchObject({
    errors: { reason: expect.stringContaining('Nothing was proposed: my store failed.') },
  });
  await stage.sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq quiet host-store' });
  await eventually(() => saidToAnn(stage).some(({ text }) => text.includes('without a record I do nothing')));
  expect(stage.sandbox.people.modalsOf('U0ANN').map(({ id }) => id)).toEqual([window.id]);
  await own.start();
  await eventually(async () => {
    await submit();
    return stage.sandbox.people.modalsOf('U0ANN').length === 0;
  });
  await posted(stage, 'asks to quiet');
}, 120_000);

/** The bots connected one after the other, so their connections are numbered like them. */
function openedBy({ sandbox }: Stage, [first, second]: readonly [Bot, Bot]): Bot {
  return sandbox.deliveries.at(-1)?.connections[0] === 1 ? first : second;
}
