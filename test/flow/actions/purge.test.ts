import { expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { purging } from '../../../src/flow/actions/purge.ts';
import type { Observation } from '../../../src/flow/command.ts';
import type { Work } from '../../../src/flow/guarded.ts';
import { createLog } from '../../../src/log.ts';
import type { PurgeEnd } from '../../../src/ports/acting.ts';
import { RedisUnavailable } from '../../../src/ports/reading.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { aBacklog, aSidekiq } from '../../commands/readings.ts';
import { PLAN } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { BAD, CUT_OFF_MS, type PurgeStage, setPurgeStage } from '../../redis/purge/stage.ts';
import { clock, job } from '../../redis/reading.ts';
import { aProcess, aSnapshot, worksOf } from '../../snapshots.ts';

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
  options: {
    readonly releaseLocks?: boolean;
    readonly wallMs?: (steadyMs: number) => number;
    /** Since the plan; a purge that is resumed begins later. */
    readonly beginsAfterMs?: number;
    readonly seen?: Observation | Error;
    /** Between the record of a step and its deed. */
    readonly onStep?: (note: string) => Promise<void>;
    readonly end?: PurgeEnd;
  } = {},
) {
  const { releaseLocks = false, wallMs = (steadyMs: number) => steadyMs, beginsAfterMs = 0 } = options;
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
      await options.onStep?.(step.note);
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
  const observed = aSidekiq(options.seen ?? quietNight(), aBacklog());
  const desk = {
    store: archive,
    holder: 'bot',
    clock: { nowMs: () => wallMs(nowMs), steadyMs: () => nowMs, wait: untilAborted },
    log: createLog('silent'),
  };
  const { end } = options;
  const action = purging(observed, end === undefined ? purger : { ...purger, purge: async () => end }, desk);
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
    result: [
      `None is left. ${30 + back} jobs were archived, and 0 were taken by workers first.`,
      `${back} jobs came back and were archived too: ${back} from gone:1’s private list of default.`,
      `${back} were in private lists of workers that are gone.`,
      '0 threads still ran it when we stopped looking.',
    ].join(' '),
  });
  expect(steps[0]).toEqual({
    done: 0,
    planned: 42,
    note: expect.stringMatching(/^queue default; Redis answers in /),
  });
  // Looking again and again is no step; only what is done is recorded.
  expect(steps.length).toBeLessThanOrEqual(3 + 3 * back);
  const until = `looks on until ${new Date(CUT_OFF_MS + SWEEP_MS).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const told = steps.filter(({ note }) => note.endsWith(until));
  expect(told[0]).toEqual({ done: 30, planned: 30, note: `none left; ${until}` });
  expect(told.slice(1)).toEqual(
    Array.from({ length: back }, (_, nth) => ({
      done: 31 + nth,
      planned: 31 + nth,
      note: `1 job came back and was archived too: 1 from gone:1’s private list of default; none left; ${until}`,
    })),
  );
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
  const { outcome, steps } = await carryOut(stage, 100, onPause, { beginsAfterMs: halfway });
  expect(sweptMs).toBe(SWEEP_MS);
  expect(steps.at(-1)?.note).toMatch(new RegExp(`^${back} jobs came back .*; none left; looks on until `));
  expect(outcome).toMatchObject({ type: 'done', result: expect.stringContaining(`${back} jobs came back`) });
});

test('stopped while it sweeps it ends as stopped, with what was done', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 100, async () => 'stop');
  expect(outcome).toEqual({
    type: 'stopped',
    result:
      '3 jobs were archived, and 0 were taken by workers first. None came back. 0 threads still ran it when we stopped looking. Nothing is parked; the rest stays where it is.',
  });
});

test('the end tells whom it did not reach: jobs that workers took first, threads that run, lists of workers that live', async () => {
  await using stage = await setPurgeStage();
  const waiting = jobs(3);
  await stage.redis.zadd('retry', ...waiting.flatMap((payload) => [1, payload]));
  const [owner, gone] = [aProcess('worker-0:1:aaaaaaaaaaaa'), aProcess('worker-1:1:bbbbbbbbbbbb')];
  await stage.redis.lpush(`queue:sq|${owner.identity}|default`, ...jobs(2));
  await stage.redis.lpush(`queue:sq|${gone.identity}|default`, job(BAD));
  const works = [...worksOf([{ ...owner, concurrency: 2 }], BAD), ...worksOf([owner], 'FineJob')];
  const seen = { snapshot: aSnapshot({ processes: [owner], works }), samples: [] };
  const { outcome } = await carryOut(stage, 100, async () => 'go on', {
    seen,
    onStep: async (note) => {
      if (note.startsWith('the retry set')) await stage.redis.zrem('retry', waiting[1] ?? '');
    },
  });
  expect(outcome).toEqual({
    type: 'done',
    result: [
      'None is left. 5 jobs were archived, and 1 was taken by workers first. None came back.',
      '3 were in private lists, 2 of them of workers that live; they may finish although they are archived.',
      '2 threads still ran it when we stopped looking.',
    ].join(' '),
  });
});

test('stopped it says that the locks it was to release stay, and what nobody could see', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.lpush('queue:sq|gone:1:aaaaaaaaaaaa|default', job(BAD));
  const { outcome } = await carryOut(stage, 100, async () => 'stop', {
    releaseLocks: true,
    seen: new RedisUnavailable('payroll', 'Redis does not answer.', undefined),
  });
  expect(outcome).toEqual({
    type: 'stopped',
    result: [
      '1 job was archived, and 0 were taken by workers first. None came back.',
      'Unique locks were not released: they stay.',
      '1 was in private lists; where a worker still lives, it may finish them although they are archived.',
      'How many threads still ran it when we stopped looking could not be seen.',
      'Nothing is parked; the rest stays where it is.',
    ].join(' '),
  });
});

test('where they came to the last it is no success, and says how to go on', async () => {
  await using stage = await setPurgeStage();
  const { outcome, steps } = await carryOut(stage, 100, async () => 'go on', {
    end: {
      type: 'still_coming',
      sentence: 'Each of 20 passes found some.',
      archived: 7,
      taken: 2,
      leftAlone: [],
      losses: [],
    },
  });
  expect(steps[0]?.note).toMatch(/^they keep coming; looks on until /);
  expect(outcome).toMatchObject({
    type: 'failed',
    reason: expect.stringContaining(
      'They kept coming to the last: Each of 20 passes found some. Sweep longer takes what comes now. 7 jobs were archived, and 2 were taken by workers first.',
    ),
  });
});

test('stopped while it waits for another purge it tells what it had taken before', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  let isOther = false;
  const { outcome } = await carryOut(stage, 100, async () => {
    if (isOther) return 'stop';
    isOther = true;
    await stage.store.acquireLease('purge/payroll', 'bot/another', 60_000);
    return 'go on';
  });
  expect(isOther).toBe(true);
  expect(outcome).toMatchObject({ type: 'stopped', result: expect.stringContaining('3 jobs were archived') });
});

test('where it could not look, it does not say that none is left', async () => {
  await using stage = await setPurgeStage();
  const list = 'queue:sq|gone:1:aaaaaaaaaaaa|default';
  const fine = Array.from({ length: 1000 }, () => job('FineJob'));
  for (let count = 0; count < 100; count += 1) await stage.redis.lpush(list, ...fine);
  await stage.redis.lpush(list, job(BAD));
  const { outcome, steps } = await carryOut(stage, 100, async () => 'go on');
  expect(steps.at(-1)?.note).toMatch(
    /^none more found, which proves nothing of where it could not look; looks on until/,
  );
  expect(outcome).toEqual({
    type: 'done',
    result: `None more was found, but it is not proven that none is left: ${list} has 100,001 jobs, too many to take some out one by one. 0 jobs were archived, and 0 were taken by workers first. None came back. 0 threads still ran it when we stopped looking.`,
  });
});

test('more than approved is no success', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(3).flatMap((payload) => [1, payload]));
  const { outcome } = await carryOut(stage, 2, async () => 'go on');
  expect(outcome).toMatchObject({ type: 'failed', reason: expect.stringContaining('2 jobs were archived') });
  expect(await stage.redis.zcard('retry')).toBe(1);
});

test('where Redis has forgotten what had left, that is said beside the limit that it may have used up', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', ...jobs(2).flatMap((payload) => [1, payload]));
  await carryOut(stage, 2, async () => 'go on');
  await stage.redis.flushall();
  await stage.redis.zadd('retry', 1, job(BAD));
  const { outcome } = await carryOut(stage, 2, async () => 'go on');
  expect(outcome).toMatchObject({
    type: 'failed',
    reason: expect.stringMatching(/^2 jobs were archived, .* 2 jobs that had left may be in it again\./),
  });
});

test('one purge at a time goes over a sidekiq: the second waits, and can be stopped while it does', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', 1, job(BAD));
  const other = await stage.store.acquireLease('purge/payroll', 'bot/another', 60_000);
  expect(other).toBeDefined();
  const { outcome, steps } = await carryOut(stage, 100, async () => 'stop');
  expect(outcome.type).toBe('stopped');
  expect(steps.map(({ note }) => note)).toEqual(['waits for its turn on this Redis']);
  expect(await stage.redis.zcard('retry')).toBe(1);
});

test('with that choice the locks of removed jobs are released at the end, and it says which stay', async () => {
  await using stage = await setPurgeStage();
  const locked = { ...JSON.parse(job(BAD)), unique_for: 600 };
  await stage.redis.zadd('retry', 1, JSON.stringify(locked));
  await stage.redis.set('unique:abc', locked.jid);
  await stage.redis.set('unique:def', 'somebody else');
  const { outcome, steps } = await carryOut(stage, 100, async () => 'go on', { releaseLocks: true });
  expect(outcome).toMatchObject({
    type: 'done',
    result: expect.stringContaining('1 unique lock was released.'),
  });
  expect(steps.at(-1)?.note).toBe('releases unique locks');
  expect(await stage.redis.keys('unique:*')).toEqual(['unique:def']);
});

test('locks that Redis refuses to release are not said to be none', async () => {
  await using stage = await setPurgeStage(['user default on nopass ~* &* +@all -eval']);
  await stage.redis.zadd('retry', 1, job(BAD, { jid: 'j1', lock_digest: 'uniquejobs:1' }));
  const { outcome } = await carryOut(stage, 100, async () => 'go on', { releaseLocks: true });
  expect(outcome).toMatchObject({
    type: 'done',
    result: expect.stringContaining(
      '0 unique locks were released. Redis refused part of it (NOPERM), so others may stay.',
    ),
  });
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
  const { outcome } = await carryOut(stage, 100, onPause, { wallMs });
  expect(outcome.type).toBe('done');
  expect(sweptMs).toBe(SWEEP_MS);
});
