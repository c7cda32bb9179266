import { expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { purging } from '../../../src/flow/actions/purge.ts';
import type { Work } from '../../../src/flow/guarded.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { aBacklog, aSidekiq } from '../../commands/readings.ts';
import { PLAN } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { BAD, CUT_OFF_MS, type PurgeStage, setPurgeStage } from '../../redis/purge/stage.ts';
import { clock, job } from '../../redis/reading.ts';

const SWEEP_MS = 60_000;

/** The purge as the executor runs it, with a clock that moves only where the action waits. */
async function carryOut(
  stage: PurgeStage,
  cap: number,
  onPause: (waitedMs: number) => Promise<'go on' | 'stop'>,
) {
  const plan: Plan = {
    ...PLAN,
    cap,
    cutOffMs: CUT_OFF_MS,
    parameters: { jobClass: BAD, queues: [], sweepMs: SWEEP_MS },
  };
  const steps: { done: number; planned: number; note: string }[] = [];
  let nowMs = CUT_OFF_MS;
  const work: Work = {
    id: 'p1',
    plan,
    fence: 1,
    progress: null,
    step: async (step, write) => {
      if (write !== undefined) await stage.store.transact(write);
      steps.push(step);
      return 'go on';
    },
    pause: async (ms) => {
      nowMs += ms;
      return ms === 0 ? 'go on' : onPause(nowMs - CUT_OFF_MS);
    },
  };
  const archive = stage.store;
  const url = stage.server.url;
  const purger = openPurger({ sidekiq: 'payroll', url, namespace: '', clock, archive });
  const observed = aSidekiq(quietNight(), aBacklog());
  const action = purging(observed, purger, archive, { ...clock, nowMs: () => nowMs });
  const outcome = await action.carryOut(work);
  await purger.close();
  return { outcome, steps };
}

const jobs = (count: number) => Array.from({ length: count }, () => job(BAD));

test('it takes all, then keeps looking and tells what came back and from where', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush('queue:default', ...jobs(30), job('FineJob'));
  const list = 'queue:sq|gone:1:aaaaaaaaaaaa|default';
  const { outcome, steps } = await carryOut(stage, 100, async (waitedMs) => {
    if (waitedMs < SWEEP_MS / 2) await stage.redis.lpush(list, job(BAD));
    return 'go on';
  });
  const back = (await stage.archived()).length - 30;
  expect(back).toBeGreaterThan(1);
  expect(outcome).toEqual({
    type: 'done',
    result: `None is left. ${30 + back} jobs were archived. ${back} jobs came back, from the private list ${list}, and were archived too.`,
  });
  expect(steps[0]).toEqual({ done: 0, planned: 42, note: 'queue default' });
  // Looking again and again is no step; only what is done is recorded.
  expect(steps.length).toBeLessThanOrEqual(2 + 2 * back);
  expect(await stage.redis.llen('queue:default')).toBe(1);
});

test('stopped while it sweeps it ends as stopped, with what was done', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 100, async () => 'stop');
  expect(outcome).toEqual({
    type: 'stopped',
    result: '3 jobs were archived. Nothing is parked; the rest stays where it is.',
  });
});

test('more than approved is no success', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 2, async () => 'go on');
  expect(outcome).toMatchObject({ type: 'failed', reason: expect.stringContaining('2 jobs are archived') });
  expect(await stage.redis.zcard('retry')).toBe(1);
});
