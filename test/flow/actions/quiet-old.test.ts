import { expect, test } from 'vitest';
import { quietingOld } from '../../../src/flow/actions/quiet-old.ts';
import type { Work } from '../../../src/flow/guarded.ts';
import type { Signals } from '../../../src/ports/acting.ts';
import { aSidekiq } from '../../commands/readings.ts';
import { PLAN } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { aProcess, NOW_MS } from '../../snapshots.ts';

const NAMES = ['old:1:a', 'old:1:b', 'old:1:c'];

test('resumed, it counts the signals of its earlier turn too', async () => {
  const night = quietNight();
  const processes = NAMES.map((name) => aProcess(name, { isQuiet: true }));
  const observed = aSidekiq({ ...night, snapshot: { ...night.snapshot, processes } });
  const signals: Signals = {
    quiet: async () => 'sent',
    // The third had been quieted by somebody else.
    wasQuieted: async (once) => once === 'p1:old:1:a' || once === 'p1:old:1:b',
    close: async () => {},
  };
  const told: number[] = [];
  const work: Work = {
    id: 'p1',
    plan: { ...PLAN, places: NAMES.map((name) => ({ name, count: 1 })) },
    fence: 2,
    progress: { done: 2, planned: 3, atMs: NOW_MS, note: '' },
    step: async ({ done, note }) => {
      told.push(done);
      return note === 'all signals are sent' ? 'stop' : 'go on';
    },
    pause: async () => 'go on',
  };
  const clock = { nowMs: () => NOW_MS, steadyMs: () => NOW_MS, wait: async () => {} };
  const outcome = await quietingOld(observed, signals, clock).carryOut(work);
  expect(told.at(-1)).toBe(2);
  expect(outcome).toEqual({ type: 'stopped', result: '2 signals had been sent and can’t be taken back.' });
});
