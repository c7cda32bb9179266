import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { job } from '../redis/reading.ts';
import { auditOf, CHANNEL, current, reads, type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await stage.startBot();
}, 60_000);
afterAll(() => stage[Symbol.asyncDispose]());

test('one asks for a purge, another agrees: the class is gone, the rest is untouched, and Stop ends the sweep', async () => {
  const redis = new Redis(stage.redisUrl);
  const bad = Array.from({ length: 600 }, () => job('Recurring::DisasterJob'));
  const fine = Array.from({ length: 600 }, () => job('PayrollRunJob'));
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', ...bad.flatMap((payload, index) => [payload, fine[index] ?? '']));
  await redis.zadd('retry', 1, job('Recurring::DisasterJob'));
  const { people } = stage.sandbox;
  const text = '/sidekiq purge Recurring::DisasterJob --reason it kills the workers';
  await people.say({ as: 'U0ANN', channel: CHANNEL, text });
  const message = await people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, threadTs, text: said }) =>
      !isEphemeral && threadTs === undefined && said.includes('asks to purge'),
    20_000,
  );
  await people.pressButton('U0BEN', current(stage, message), 'Approve');
  await eventually(async () => (await redis.llen('queue:default')) === 600);
  expect((await redis.lrange('queue:default', 0, -1)).reverse()).toEqual(fine);
  await people.pressButton('U0ANN', await reads(stage, message, '601 of 601 done'), 'Stop');
  const stopped = await reads(stage, message, ': stopped');
  expect(stopped.text).toContain('601 jobs were archived');
  // Two people again for another quarter of an hour, though nothing lies there now.
  await people.pressButton('U0ANN', current(stage, message), 'Sweep longer');
  const modal = await people.waitFor(() => people.modalsOf('U0ANN').at(-1));
  const input = (modal.blocks as { type: string; element: { action_id: string } }[]).find(
    ({ type }) => type === 'input',
  );
  const reason = { [input?.element.action_id ?? '']: 'it may come back' };
  await people.submit({ as: 'U0ANN', viewId: modal.id, values: { reason } });
  const longer = await people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, text: said }) => !isEphemeral && said.includes('asks to sweep longer'),
    20_000,
  );
  await redis.lpush('queue:default', bad[0] ?? '', fine[0] ?? '');
  await people.pressButton('U0BEN', current(stage, longer), 'Approve');
  await eventually(async () => (await redis.llen('queue:default')) === 601);
  await people.pressButton('U0ANN', await reads(stage, longer, '1 of 1 done'), 'Stop');
  await reads(stage, longer, ': stopped');
  expect(await redis.exists('retry')).toBe(0);
  redis.disconnect();
  const { verified } = await auditOf(stage);
  expect(verified.code).toBe(0);
});

test('without a class a window asks, and what is sent off is proposed like what is typed', async () => {
  const redis = new Redis(stage.redisUrl);
  const waiting = Array.from({ length: 40 }, () => job('Reports::ExportJob'));
  await redis.sadd('queues', 'low');
  await redis.lpush('queue:low', ...waiting);
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq purge' });
  const modal = await people.waitFor(() => people.modalsOf('U0ANN').at(-1));
  expect(JSON.stringify(modal.blocks)).toContain('Reports::ExportJob');
  const inputs = new Map(
    (modal.blocks as { block_id: string; type: string; element: { action_id: string } }[])
      .filter(({ type }) => type === 'input')
      .map(({ block_id, element }) => [block_id, element.action_id]),
  );
  const at = (field: string) => inputs.get(field) ?? '';
  const nothing = { reason: { [at('reason')]: 'not needed' } };
  await people.submit({ as: 'U0ANN', viewId: modal.id, values: nothing });
  const still = await people.waitFor(() => people.modalsOf('U0ANN').at(-1));
  const values = { ...nothing, other: { [at('other')]: 'Reports::ExportJob' } };
  await people.submit({ as: 'U0ANN', viewId: still.id, values });
  const message = await people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, text }) => !isEphemeral && text.includes('asks to purge') && text.includes('Reports'),
    20_000,
  );
  expect(message.text).toContain('40 affected');
  expect(await redis.llen('queue:low')).toBe(40);
  await people.pressButton('U0BEN', current(stage, message), 'Approve');
  await eventually(async () => (await redis.llen('queue:low')) === 0);
  redis.disconnect();
});
