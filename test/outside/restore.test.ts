import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { job } from '../redis/reading.ts';
import { actionsOf, auditOf, CHANNEL, current, reads, type Stage, setStage, told } from './stage.ts';

let stage: Stage;
let redis: Redis;
beforeAll(async () => {
  stage = await setStage();
  await stage.startBot();
  redis = new Redis(stage.redisUrl);
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  await stage[Symbol.asyncDispose]();
});

const BAD = 'Recurring::DisasterJob';

/** Ann types it; gives the proposal's message. */
async function propose(text: string, asks: string): Promise<Message> {
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq ${text} --reason it has to be` });
  const isNew = ({ isEphemeral, threadTs, text: said }: Message) =>
    !isEphemeral && threadTs === undefined && said.includes(asks) && said.includes('waits for approval');
  return people.waitForMessage('U0BEN', isNew, 20_000);
}

async function agreed(text: string, asks: string, end: string): Promise<Message> {
  const message = await propose(text, asks);
  await stage.sandbox.people.pressButton('U0BEN', current(stage, message), 'Approve');
  return reads(stage, message, end);
}

/** The same for what goes back: nobody waits until its watch over the workers is over. */
async function restored(text: string, asks: string): Promise<Message> {
  const message = await agreed(text, asks, 'watches for crashes until');
  expect(JSON.stringify(message.blocks)).not.toContain('Restore the rest');
  await stage.sandbox.people.pressButton('U0ANN', message, 'Stop');
  return reads(stage, message, ': done');
}

async function purged(jobs: readonly string[]): Promise<string> {
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', ...jobs);
  const message = await propose(`purge ${BAD}`, 'asks to purge');
  await stage.sandbox.people.pressButton('U0BEN', current(stage, message), 'Approve');
  const swept = await reads(stage, message, `${jobs.length} of ${jobs.length} done`);
  await stage.sandbox.people.pressButton('U0ANN', swept, 'Stop');
  await reads(stage, message, ': stopped');
  await eventually(async () => (await redis.exists('queue:default')) === 0);
  const [latest] = await actionsOf(stage);
  return latest?.id ?? '';
}

test('a tenth goes back, then the rest, each agreed to by a second person; the bytes are the same, and nothing goes twice', async () => {
  const jobs = Array.from({ length: 250 }, () => job(BAD));
  const id = await purged(jobs);
  const tenth = await restored(`restore ${id} --percent 10`, 'asks to restore 10 %');
  expect(tenth.text).toContain('25 jobs are back. The watching was stopped.');
  const offers = JSON.stringify(tenth.blocks);
  for (const label of ['Restore 10 %', 'Restore the rest', 'Write off the rest'])
    expect(offers).toContain(label);
  expect((await redis.lrange('queue:default', 0, -1)).reverse()).toEqual(jobs.slice(0, 25));
  await stage.sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq actions' });
  const list = await told(stage, 'U0ANN', 'are owed');
  expect(list.text).toContain('225');
  const rest = await restored(`restore ${id}`, 'asks to restore what is left');
  expect(rest.text).toContain('225 jobs are back.');
  expect(rest.text).toContain('After 25 jobs went back before, no worker crashed');
  expect(rest.text).toContain('no living process takes jobs from queue default');
  expect((await redis.lrange('queue:default', 0, -1)).reverse()).toEqual(jobs);
  await stage.sandbox.people.say({
    as: 'U0ANN',
    channel: CHANNEL,
    text: `/sidekiq restore ${id} --reason again`,
  });
  await told(stage, 'U0ANN', 'was put back or written off');
  await redis.del('queue:default');
  expect((await auditOf(stage)).verified.code).toBe(0);
});

test('a full Redis takes none, says so, and leaves all owed; written off, the export still has them', async () => {
  const jobs = Array.from({ length: 40 }, () => job(BAD));
  const id = await purged(jobs);
  await redis.config('SET', 'maxmemory', '1mb');
  const full = await agreed(`restore ${id}`, 'asks to restore what is left', ': failed');
  await redis.config('SET', 'maxmemory', '0');
  expect(full.text).toContain('Redis is full');
  expect(full.text).toContain('0 jobs are back.');
  expect(await redis.exists('queue:default')).toBe(0);
  const off = await agreed(`writeoff ${id}`, 'asks to write off', ': done');
  expect(off.text).toContain('40 jobs are written off');
  const { code, stdout } = await stage.tool(`archive:export -- ${id}`);
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { payload: string; state: string });
  expect(lines.map(({ payload }) => payload)).toEqual(jobs);
  expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['written_off']));
  expect((await auditOf(stage)).records.map(({ what }) => what)).toContain('proposed');
});
