import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf, current, propose, reads, type Stage, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ audit: { channel: 'C0AUDIT' } });
  await stage.startBot();
}, 60_000);
afterAll(() => stage[Symbol.asyncDispose]());

const press = (as: string, message: Parameters<typeof current>[1], label: string) =>
  stage.sandbox.people.pressButton(as, current(stage, message), label);

test('one asks, another agrees, the process becomes quiet, and each step stands in the message and on record', async () => {
  await using worker = await startWorker(stage.redisUrl, 'first');
  const message = await propose(stage, 'first');
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
