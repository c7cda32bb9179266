import { expect, test } from 'vitest';
import { auditOf, current, forge, propose, reads, setStage, told, valueOn } from './stage.ts';
import { startWorker } from './worker.ts';

test('silence is a no: it expires at its time, in the message and on record, and a late press counts for nothing', async () => {
  await using stage = await setStage({ approvals: { expires: '3s' } });
  await using worker = await startWorker(stage.redisUrl, 'host-late');
  await using other = await startWorker(stage.redisUrl, 'host-gone');
  const bot = await stage.startBot();
  const message = await propose(stage, 'host-late');
  const value = valueOn(message, 'Approve');
  const expired = await reads(stage, message, ': expired');
  expect(expired.text).toContain('without enough approvals');
  expect(JSON.stringify(current(stage, message).blocks)).not.toContain('"button"');
  const late = await forge(stage, 'proposal.approve', value);
  await stage.sandbox.people.pressButton('U0BEN', late, 'Press');
  await told(stage, 'U0BEN', 'It expired at');

  // Nobody was there to mark it at its time: the next start does.
  const second = await propose(stage, 'host-gone');
  await told(stage, 'U0ANN', `Proposed as ${valueOn(second, 'Approve').split('/')[0]}`);
  await bot.kill();
  await stage.startBot();
  await reads(stage, second, ': expired');
  expect([...worker.signals, ...other.signals]).toEqual([]);
  const { verified, records } = await auditOf(stage);
  expect(verified.code).toBe(0);
  expect(records.filter(({ what }) => what === 'expired')).toHaveLength(2);
}, 60_000);
