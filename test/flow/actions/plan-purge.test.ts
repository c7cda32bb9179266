import { expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { planningPurges } from '../../../src/flow/actions/plan-purge.ts';
import { aBacklog, aSidekiq, aSuspicion } from '../../commands/readings.ts';
import { aClassFound } from '../../core/actions/purge-founds.ts';
import { quietNight } from '../../core/health/nights.ts';
import { NOW_MS } from '../../snapshots.ts';

const WANTED = { jobClass: 'Recurring::DisasterJob', queues: [] };

function planning() {
  const found = aClassFound({ places: [{ name: 'queue critical', count: 40 }] });
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', aSuspicion(), found);
  return { sidekiq, planner: planningPurges(sidekiq) };
}

test('the plan that is made again before the start keeps the approved cut-off and cap', async () => {
  const { sidekiq, planner } = planning();
  const approved = (await planner.plan(WANTED, NOW_MS)) as Plan;
  expect(approved).toMatchObject({ cutOffMs: NOW_MS, cap: 65 });
  const changed = { ...approved, cap: 64 };
  const again = (await planner.plan(changed.parameters, NOW_MS + 60_000, changed)) as Plan;
  expect(again).toMatchObject({ cutOffMs: NOW_MS, cap: 64, plannedAtMs: NOW_MS + 60_000 });
  expect(planner.drift(changed, again)).toBe('same or less');
  const [proposing, starting] = sidekiq.searches;
  expect(proposing).not.toHaveProperty('cutOffMs');
  expect(starting).toMatchObject({ ...WANTED, cutOffMs: NOW_MS });
  expect(starting?.budgetMs).toBeGreaterThan(proposing?.budgetMs ?? 0);
});

test('what may never be purged is refused before Redis is asked', async () => {
  const { sidekiq, planner } = planning();
  for (const wanted of [{ jobClass: 'Sidekiq::Batch::Callback', queues: [] }, { jobClass: '' }, 'x', null]) {
    expect(await planner.plan(wanted, NOW_MS)).toMatchObject({ type: 'refusal' });
  }
  expect(sidekiq.searches).toEqual([]);
});
