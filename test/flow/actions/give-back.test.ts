import { expect, test } from 'vitest';
import { giveBackParked, holdPurging } from '../../../src/flow/actions/give-back.ts';
import { createLog } from '../../../src/log.ts';
import { BAD, type PurgeStage, setPurgeStage } from '../../redis/purge/stage.ts';
import { job } from '../../redis/reading.ts';
import { CLOCK } from '../../slack/bot.ts';

const PARKED = 'queue:default~parked-by-poison-control';

/** A purge that is killed for good with a queue parked. */
async function kill(stage: PurgeStage): Promise<void> {
  const jobs = Array.from({ length: 30_000 }, (_, index) => job(index % 3 === 0 ? BAD : 'FineJob'));
  await stage.redis.sadd('queues', 'default');
  for (let from = 0; from < jobs.length; from += 1000)
    await stage.redis.lpush('queue:default', ...jobs.slice(from, from + 1000));
  let commits = 0;
  const killed = stage.purge(
    {},
    {
      commit: async (_, write) => {
        commits += 1;
        if (commits === 2) throw new Error('killed');
        await stage.store.transact(write);
        return 'go on';
      },
    },
  );
  await expect(killed).rejects.toThrow('killed');
  expect(await stage.redis.llen(PARKED)).toBeGreaterThan(0);
}

const laterBot = ({ store }: PurgeStage, signal = new AbortController().signal) => {
  const bot = { store, holder: 'later bot', clock: CLOCK, log: createLog('silent') };
  return { bot, giveBack: (stage: PurgeStage) => giveBackParked('payroll', stage.purger, bot, signal) };
};

test('a purger was killed for good: a later bot gives back what it had parked', async () => {
  await using stage = await setPurgeStage();
  await kill(stage);
  await laterBot(stage).giveBack(stage);
  expect(await stage.redis.exists(PARKED)).toBe(0);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  // The one chunk of the archive is settled by whoever goes on with that purge, if anybody does.
  const [chunk] = await stage.store.pendingChunks('p1');
  expect((await stage.redis.llen('queue:default')) + (chunk?.jobCount ?? 0)).toBe(30_000);
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 10_000, losses: [] });
});

test('while a purge goes over that sidekiq nobody else gives anything back', async () => {
  await using stage = await setPurgeStage();
  await kill(stage);
  const { bot, giveBack } = laterBot(stage);
  const parked = await stage.redis.llen(PARKED);
  {
    await using _ = await holdPurging('payroll', 'p2', { ...bot, holder: 'another' });
    await giveBack(stage);
    expect(await stage.redis.llen(PARKED)).toBe(parked);
  }
  await giveBack(stage);
  expect(await stage.redis.llen(PARKED)).toBe(0);
});

test('a bot that is stopped while it gives back ends at once, and what is parked waits for the next', async () => {
  await using stage = await setPurgeStage();
  await kill(stage);
  await expect(laterBot(stage, AbortSignal.abort()).giveBack(stage)).rejects.toThrow('aborted');
  expect(await stage.redis.llen(PARKED)).toBeGreaterThan(0);
});
