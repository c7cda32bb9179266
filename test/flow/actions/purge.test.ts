import { expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { purging } from '../../../src/flow/actions/purge.ts';
import type { Work } from '../../../src/flow/guarded.ts';
import { createLog } from '../../../src/log.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { aBacklog, aSidekiq } from '../../commands/readings.ts';
import { PLAN } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { BAD, CUT_OFF_MS, type PurgeStage, setPurgeStage } from '../../redis/purge/stage.ts';
import { clock, job } from '../../redis/reading.ts';

const SWEEP_MS = 60_000;

/** Nothing but the end of what waits ends it. */
function untilAborted(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

/** The purge as the executor runs it, with a clock that moves only where the action waits. */
async function carryOut(
  stage: PurgeStage,
  cap: number,
  onPause: (waitedMs: number) => Promise<'go on' | 'stop'>,
  releaseLocks = false,
  wallMs: (steadyMs: number) => number = (steadyMs) => steadyMs,
  /** Since the plan; a purge that is resumed begins later. */
  beginsAfterMs = 0,
) {
  const plan: Plan = {
    ...PLAN,
    cap,
    cutOffMs: CUT_OFF_MS,
    parameters: { jobClass: BAD, queues: [], sweepMs: SWEEP_MS, releaseLocks, longer: null },
  };
  const steps: { done: number; planned: number; note: string }[] = [];
  let nowMs = CUT_OFF_MS + beginsAfterMs;
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
  const desk = {
    store: archive,
    holder: 'bot',
    clock: { nowMs: () => wallMs(nowMs), steadyMs: () => nowMs, wait: untilAborted },
    log: createLog('silent'),
  };
  const action = purging(observed, purger, desk);
  try {
    return { outcome: await action.carryOut(work), steps };
  } finally {
    await purger.close();
  }
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
    result: `None is left. ${30 + back} jobs were archived. ${back} jobs came back and were archived too: ${back} from gone:1’s private list of default.`,
  });
  expect(steps[0]).toEqual({
    done: 0,
    planned: 42,
    note: expect.stringMatching(/^queue default; Redis answers in /),
  });
  // Looking again and again is no step; only what is done is recorded.
  expect(steps.length).toBeLessThanOrEqual(2 + 2 * back);
  expect(await stage.redis.llen('queue:default')).toBe(1);
});

test('interrupted while it sweeps, it goes on with that sweep, and tells what came back before', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const halfway = SWEEP_MS / 2;
  const killed = carryOut(stage, 100, async (waitedMs) => {
    if (waitedMs >= halfway) throw new Error('the bot is killed');
    await stage.redis.zadd('retry', 1, job(BAD));
    return 'go on';
  });
  await expect(killed).rejects.toThrow('the bot is killed');
  const back = (await stage.archived()).length - 3;
  expect(back).toBeGreaterThan(1);
  let sweptMs = 0;
  const onPause = async (waitedMs: number) => {
    sweptMs = waitedMs;
    return 'go on' as const;
  };
  const { outcome } = await carryOut(stage, 100, onPause, false, (ms) => ms, halfway);
  expect(sweptMs).toBe(SWEEP_MS);
  expect(outcome).toMatchObject({ type: 'done', result: expect.stringContaining(`${back} jobs came back`) });
});

test('stopped while it sweeps it ends as stopped, with what was done', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 100, async () => 'stop');
  expect(outcome).toEqual({
    type: 'stopped',
    result: '3 jobs were archived. None came back. Nothing is parked; the rest stays where it is.',
  });
});

test('more than approved is no success', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 2, async () => 'go on');
  expect(outcome).toMatchObject({ type: 'failed', reason: expect.stringContaining('2 jobs are archived') });
  expect(await stage.redis.zcard('retry')).toBe(1);
});

test('one purge at a time goes over a sidekiq: the second waits, and can be stopped while it does', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', 1, job(BAD));
  const other = await stage.store.acquireLease('purge/payroll', 'bot/another', 60_000);
  expect(other).toBeDefined();
  const { outcome, steps } = await carryOut(stage, 100, async () => 'stop');
  expect(outcome.type).toBe('stopped');
  expect(steps.map(({ note }) => note)).toEqual(['waits for another purge']);
  expect(await stage.redis.zcard('retry')).toBe(1);
});

test('with that choice the locks of removed jobs are released at the end, and it says which stay', async () => {
  await using stage = await setPurgeStage();
  const locked = { ...JSON.parse(job(BAD)), unique_for: 600 };
  await stage.redis.zadd('retry', 1, JSON.stringify(locked));
  await stage.redis.set('unique:abc', locked.jid);
  await stage.redis.set('unique:def', 'somebody else');
  const { outcome, steps } = await carryOut(stage, 100, async () => 'go on', true);
  expect(outcome).toMatchObject({
    type: 'done',
    result: expect.stringContaining('1 unique lock was released.'),
  });
  expect(steps.at(-1)?.note).toBe('releases unique locks');
  expect(await stage.redis.keys('unique:*')).toEqual(['unique:def']);
});

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])('set %s by an hour, the clock makes it prove itself neither shorter nor longer', async (_, byMs) => {
  await using stage = await setPurgeStage();
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush('queue:default', ...jobs(3));
  let sweptMs = 0;
  const onPause = async (waitedMs: number) => {
    sweptMs = waitedMs;
    return 'go on' as const;
  };
  let reads = 0;
  // Set while it sweeps, after some looks at it.
  const wallMs = (steadyMs: number) => {
    reads += 1;
    return reads > 2 ? steadyMs + byMs : steadyMs;
  };
  const { outcome } = await carryOut(stage, 100, onPause, false, wallMs);
  expect(outcome.type).toBe('done');
  expect(sweptMs).toBe(SWEEP_MS);
});
