import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { job } from '../redis/reading.ts';
import { CHANNEL, type Stage, setStage, told } from './stage.ts';

const PILL = 'Recurring::DisasterJob';

let stage: Stage;
let redis: Redis;
beforeAll(async () => {
  stage = await setStage();
  redis = new Redis(stage.redisUrl);
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', ...Array.from({ length: 1500 }, () => job(PILL, { bid: 'B1' })));
  await redis.lpush('queue:default', job('PayrollRunJob'));
  await stage.startBot();
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  await stage[Symbol.asyncDispose]();
});

test('one looks first, proposes from there, and reads in the window what it costs before typing the number', async () => {
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq purge ${PILL} --plan` });
  const preview = await told(stage, 'U0ANN', 'would take 1,500 jobs');
  expect(JSON.stringify(preview.blocks)).toContain('1,500 jobs belong to 1 batch');
  expect(await redis.llen('queue:default')).toBe(1501);

  await people.pressButton('U0ANN', preview, 'Propose purge');
  const view = await people.waitFor(() => people.modalsOf('U0ANN').at(-1));
  const shown = JSON.stringify(view.blocks);
  expect(shown).toContain('Will it come back?');
  expect(shown).toContain('1,500 jobs belong to 1 batch');
  expect(shown).toContain('Confirm by typing');
  expect(await redis.llen('queue:default')).toBe(1501);
});

test('what nobody may purge, and what is not there, is refused with the way on', async () => {
  const { people } = stage.sandbox;
  const ask = (words: string) =>
    people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq purge ${words} --reason it hurts` });
  await ask('Sidekiq::Batch::Callback');
  await told(stage, 'U0ANN', 'belongs to Sidekiq itself');
  await ask('Recurring::DisasterJbo');
  const refused = await told(stage, 'U0ANN', 'no job of Recurring::DisasterJbo waits');
  expect(refused.text).toContain(PILL);
  await ask(`${PILL} --queue defualt`);
  await told(stage, 'U0ANN', 'payroll has no queue defualt');
});
