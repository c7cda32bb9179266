import { expect, test } from 'vitest';
import type { Proposal } from '../../../src/core/approval/proposal.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { plainText } from '../../../src/core/reply/text.ts';
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

function planning(count = 40, archived = 0, restored = 0) {
  const places = count === 0 ? [] : [{ name: 'queue critical', count }];
  const found = aClassFound({ places });
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', aSuspicion(), found);
  return {
    sidekiq,
    planner: planningPurges(sidekiq, {
      proposal: async (id) => (id === PURGED.id ? PURGED : undefined),
      archives: async () => [
        { actionId: PURGED.id, archived, restored, uncertain: 0, writtenOff: 0, firstAtMs: 0, lastAtMs: 0 },
      ],
    }),
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

test('going on it may take what is left of what was agreed to, for a fleet that dies brings all back at once', async () => {
  const longer = { ...WANTED, longer: PURGED.id };
  expect(PURGED.plan.cap).toBe(50);
  expect(await planning(0, 2).planner.plan(longer, NOW_MS)).toMatchObject({ cap: 48 });
  expect(await planning(0, 49).planner.plan(longer, NOW_MS)).toMatchObject({ cap: 25 });
  expect(await planning(40, 49).planner.plan(longer, NOW_MS)).toMatchObject({ cap: 65 });
  expect(await planning(40).planner.plan(WANTED, NOW_MS)).toMatchObject({ cap: 65 });
});

test('going on it says before the click that it takes out again what was put back since', async () => {
  const { planner } = planning(0, 40, 10);
  const plan = (await planner.plan({ ...WANTED, longer: PURGED.id }, NOW_MS)) as Plan;
  const words = planner.describe(plan).details.map(plainText).join(' ');
  expect(words).toContain(
    `10 jobs that ${PURGED.id} archived were put back since: those of them that still wait are taken out again.`,
  );
  const untouched = (await planning(0, 40).planner.plan({ ...WANTED, longer: PURGED.id }, NOW_MS)) as Plan;
  expect(untouched.notes?.join(' ')).not.toContain('put back');
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
