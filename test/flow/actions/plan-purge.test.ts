import { expect, test } from 'vitest';
import type { Proposal } from '../../../src/core/approval/proposal.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { planningPurges } from '../../../src/flow/actions/plan-purge.ts';
import { aBacklog, aSidekiq, aSuspicion } from '../../commands/readings.ts';
import { aClassFound } from '../../core/actions/purge-founds.ts';
import { PLAN, proposed } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { NOW_MS } from '../../snapshots.ts';

const WANTED = { jobClass: 'Recurring::DisasterJob', queues: [] };

const PURGED: Proposal<'done'> = {
  ...proposed(),
  plan: { ...PLAN, cutOffMs: NOW_MS - 5000, parameters: { jobClass: WANTED.jobClass, queues: [] } },
  now: {
    state: 'done',
    approval: { votes: [], approvedAtMs: NOW_MS, executeByMs: NOW_MS },
    startedAtMs: NOW_MS,
    progress: null,
    result: 'None is left.',
    endedAtMs: NOW_MS,
  },
};

function planning(count = 40) {
  const places = count === 0 ? [] : [{ name: 'queue critical', count }];
  const found = aClassFound({ places });
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', aSuspicion(), found);
  return {
    sidekiq,
    planner: planningPurges(sidekiq, { proposal: async (id) => (id === PURGED.id ? PURGED : undefined) }),
  };
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

test('a purge goes on with the jobs of an earlier one and no others, though none lies there now', async () => {
  const { sidekiq, planner } = planning(0);
  expect(await planner.plan(WANTED, NOW_MS)).toMatchObject({ type: 'refusal' });
  const longer = (await planner.plan({ ...WANTED, longer: PURGED.id }, NOW_MS)) as Plan;
  expect(longer).toMatchObject({ target: WANTED.jobClass, places: [] });
  expect(sidekiq.searches.at(-1)).toMatchObject({ cutOffMs: NOW_MS - 5000 });
});

test.each([
  ['a proposal that is not there', { ...WANTED, longer: 'p2' }],
  ['another class', { jobClass: 'PayrollRunJob2', queues: [], longer: PURGED.id }],
  ['other queues', { ...WANTED, queues: ['low'], longer: PURGED.id }],
])('it does not go on with %s', async (_, wanted) => {
  const { planner } = planning();
  expect(await planner.plan(wanted, NOW_MS)).toMatchObject({ type: 'refusal', code: 'no_such_purge' });
});

test('what was approved begins even when nothing lies there at that moment: it may come back', async () => {
  const { planner } = planning(0);
  const approved = { ...PLAN, parameters: { jobClass: WANTED.jobClass, queues: [] } };
  expect(await planner.plan(WANTED, NOW_MS, approved)).toMatchObject({ action: 'purge', places: [] });
});
