import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restore } from '../../../src/core/actions/restore.ts';
import type { Crash } from '../../../src/core/attribution/crash.ts';
import { startEvidence } from '../../../src/core/attribution/evidence.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { accountOf } from '../../../src/core/suspects/account.ts';
import { restoring } from '../../../src/flow/actions/restore.ts';
import type { Work } from '../../../src/flow/guarded.ts';
import type { Restorer } from '../../../src/ports/acting.ts';
import type { Store } from '../../../src/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { aSidekiq, aSuspicion } from '../../commands/readings.ts';
import { PLAN, proposed } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { disasterNight } from '../../core/suspects/nights.ts';
import { archiveJobs, DEFAULT, someJob } from '../../redis/restore/stage.ts';

const MINUTE_MS = 60_000;
let folder = '';
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-watching-'));
  store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  await archiveJobs(
    store,
    DEFAULT,
    Array.from({ length: 125 }, () => ({ payload: someJob('x') })),
    25,
  );
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** In the store as it does it; a second call finds itself done. */
const restorer: Restorer = {
  restore: async ({ actionId }, { commit }) => {
    if ((await store.endedBy(actionId)).length === 0) {
      const [range] = await store.owedJobs('p1');
      if (range === undefined) throw new Error('nothing is owed');
      const progress = { restored: 25, uncertain: 0, note: 'queue default' };
      await commit(progress, async (tx) => {
        await tx.claimJobs(range, actionId);
        await tx.settleClaim(range, 25, 'restored');
      });
    }
    return { type: 'done', sentence: '', restored: 25, uncertain: 0, losses: [] };
  },
  close: async () => {},
};

type Watched = 'all the time' | 'never' | 'from the second minute';

/** The restore as the executor runs it, with a clock that moves only where the action waits; a worker dies at these times after its begin. */
async function carryOut(
  id: string,
  crashesAfterMs: readonly number[] = [],
  watched: Watched = 'all the time',
  onPause: (waitedMs: number) => 'go on' | 'stop' = () => 'go on',
  beginsAfterMs = 0,
) {
  const beganMs = Date.now();
  let nowMs = beganMs + beginsAfterMs;
  const notes: string[] = [];
  const work: Work = {
    id,
    plan: {
      ...PLAN,
      action: 'restore',
      cap: 25,
      parameters: { archive: 'p1', percent: 25, despiteCrashes: false },
    } satisfies Plan,
    fence: 1,
    progress: null,
    step: async ({ note }, write) => {
      if (write !== undefined) await store.transact(write);
      notes.push(note);
      return 'go on';
    },
    pause: async (ms) => {
      nowMs += ms;
      return onPause(nowMs - beganMs);
    },
  };
  const [crash] = disasterNight().account.crashes;
  const crashes = (): Crash[] =>
    crashesAfterMs.flatMap((afterMs) =>
      crash === undefined || beganMs + afterMs > nowMs
        ? []
        : [{ ...crash, atMs: beganMs + afterMs, livedOnMs: 5000 }],
    );
  const fromMs = watched === 'all the time' ? 0 : beganMs + 2 * MINUTE_MS;
  const sidekiq = {
    ...aSidekiq(quietNight()),
    suspicion: async () => {
      const account = { ...accountOf(startEvidence()), crashes: crashes() };
      const seen = watched === 'never' ? undefined : { fromMs, toMs: Math.max(fromMs, nowMs) };
      return aSuspicion({ account: { ...account, watched: seen } });
    },
  };
  const clock = { nowMs: () => nowMs, steadyMs: () => nowMs, wait: async () => {} };
  const outcome = await restoring(sidekiq, restorer, store, clock).carryOut(work);
  return { outcome, notes, waitedMs: nowMs - beganMs };
}

test('after the last push it watches for five minutes, tells each crash, and ends with their count', async () => {
  const { outcome, notes, waitedMs } = await carryOut('r1', [MINUTE_MS, 3 * MINUTE_MS]);
  expect(outcome).toEqual({
    type: 'done',
    result: '25 jobs are back. In the 5 min since the first went back, 2 workers crashed.',
  });
  expect(Math.abs(waitedMs - 5 * MINUTE_MS)).toBeLessThan(5000);
  expect(notes).toEqual([
    'queue default',
    expect.stringMatching(/^watches for crashes until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
    expect.stringMatching(/UTC; 1 worker crashed since$/),
    expect.stringMatching(/UTC; 2 workers crashed since$/),
  ]);
});

test('a crash whose last beat was just before is counted, an older one is not', async () => {
  const { outcome } = await carryOut('r2', [-8000, -MINUTE_MS]);
  expect(outcome).toMatchObject({ type: 'done', result: expect.stringContaining('1 worker crashed.') });
});

test('Stop ends the watching only, and says for how long there was one', async () => {
  const { outcome, waitedMs } = await carryOut('r3', [], 'all the time', (waited) =>
    waited >= 2 * MINUTE_MS ? 'stop' : 'go on',
  );
  expect(outcome).toEqual({
    type: 'done',
    result:
      '25 jobs are back. The watching was stopped. In the 2 min since the first went back, 0 workers crashed.',
  });
  expect(waitedMs).toBeLessThan(3 * MINUTE_MS);
});

test('a bot that goes on with it watches for the rest of the time; what nobody watched is said', async () => {
  await carryOut('r4', [], 'all the time', () => 'stop');
  const { outcome, waitedMs } = await carryOut(
    'r4',
    [],
    'from the second minute',
    () => 'go on',
    3 * MINUTE_MS,
  );
  expect(Math.abs(waitedMs - 5 * MINUTE_MS)).toBeLessThan(5000);
  expect(outcome).toMatchObject({
    result:
      '25 jobs are back. In the 5 min since the first went back, 0 workers crashed; for 2 min of it nobody watched.',
  });
  const never = await carryOut('r5', [], 'never');
  expect(never.outcome).toMatchObject({
    result:
      '25 jobs are back. In the 5 min since the first went back, nobody watched whether workers crashed.',
  });
});

test('the next share is offered when the watching is over, not before', async () => {
  const approval = { votes: [], approvedAtMs: 1, executeByMs: 2 };
  const base = { ...proposed(), plan: { ...PLAN, action: 'restore', parameters: { percent: 10 } } };
  const progress = { done: 25, planned: 25, atMs: 3, note: 'watches' };
  const running = { state: 'executing', approval, startedAtMs: 2, fence: 1, progress, stop: null } as const;
  expect(restore.next?.({ ...base, now: running })).toEqual([]);
  const done = { state: 'done', approval, startedAtMs: 2, progress, result: '', endedAtMs: 4 } as const;
  const offers = restore.next?.({ ...base, now: done }) ?? [];
  expect(offers.map((button) => 'label' in button && button.label)).toContain('Restore the rest');
});
