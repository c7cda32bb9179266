import { expect, test } from 'vitest';
import { rescue } from '../../../src/core/actions/rescue.ts';
import type { Survey } from '../../../src/core/migration/survey.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { ClassPolicy } from '../../../src/core/policy.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { aFleet, aPrivateList, aSnapshot, NOW_MS } from '../../snapshots.ts';
import { strandedSurvey } from '../migration/surveys.ts';

const SUSPECT = 'Recurring::DisasterJob';

function plan(
  asked: Record<string, unknown> = {},
  survey: Survey = strandedSurvey(),
  {
    classes = new Map<string, ClassPolicy>(),
    approved,
  }: { classes?: Map<string, ClassPolicy>; approved?: Plan } = {},
) {
  return rescue.plan(rescue.parameters.parse(asked), { survey, classes, approved }, NOW_MS);
}

function planned(...args: Parameters<typeof plan>): Plan {
  const made = plan(...args);
  if ('type' in made) throw new Error(plainText(made.reason));
  return made;
}

function codeOf(...args: Parameters<typeof plan>): string {
  const made = plan(...args);
  return 'type' in made ? made.code : 'planned';
}

test('jobs older than a week need a yes of their own, by class and with their age', () => {
  const no = plan();
  if (!('type' in no)) throw new Error('planned');
  expect(no.code).toBe('old_jobs');
  expect(plainText(no.reason)).toContain('3 of PayrollRunJob, the oldest 11 d');
  expect(no.buttons).toMatchObject([{ command: 'migrate rescue --with-old on payroll' }]);
});

test('suspects stay by default, and are archived where that is asked for', () => {
  const kept = planned({ withOld: true });
  expect(kept.places).toEqual([{ name: aPrivateList().key, count: 5 }]);
  expect(kept).toMatchObject({ cap: 5, target: 'stranded jobs', parameters: { suspects: [SUSPECT] } });
  expect(kept.sideEffects.join()).toContain('Left: 2 entries stay');
  const archived = planned({ withOld: true, archiveSuspects: true });
  expect(archived.cap).toBe(7);
  expect(archived.sideEffects.join()).toContain('Archive: 2 jobs of suspects');
  const told = rescue.describe(archived);
  expect(plainText(told.headline)).toBe('rescue 7 stranded jobs from 1 list of dead workers');
  expect(told.details.map(plainText).join(' ')).toContain('5 PayrollRunJob (up to 11 d old)');
});

test('what the settings protect is never archived, suspect or not', () => {
  const isProtected = { isRecurring: false, isProtected: true, owner: undefined, note: undefined };
  const classes = new Map([[SUSPECT, isProtected]]);
  expect(planned({ withOld: true, archiveSuspects: true }, strandedSurvey(), { classes }).cap).toBe(5);
});

test('a class that is named stays, whatever the evidence says', () => {
  expect(codeOf({ without: ['PayrollRunJob'] })).toBe('nothing_to_rescue');
});

test('what goes wrong is said before the click', () => {
  const list = aPrivateList({
    key: 'queue:default_gone_0',
    scheme: 'reliable_fetch',
    owner: 'gone 0',
    queue: { name: 'default', knownBy: 'payload' },
    size: 7,
  });
  const { sideEffects } = planned(
    { withOld: true },
    strandedSurvey({ lists: [list], processes: aFleet(1, { queues: ['low'] }) }),
  );
  for (const kind of [
    'No worker: ',
    'Old jobs: ',
    'Batches: 1 job',
    'Unique locks: 1 job',
    'Owner may come back: ',
  ])
    expect(sideEffects.some((effect) => effect.startsWith(kind))).toBe(true);
});

test('a full Redis is refused with the way out, and so are lists that may not be moved or are not there', () => {
  const writes = { state: 'refused', reason: 'it is full' } as const;
  expect(codeOf({ withOld: true }, strandedSurvey({ redis: { ...aSnapshot().redis, writes } }))).toBe(
    'redis_refuses_writes',
  );
  expect(codeOf({ lists: ['queue:sq|nobody|default'] })).toBe('no_such_list');
  const live = aPrivateList({ ownerState: 'alive' });
  expect(codeOf({ lists: [live.key] }, strandedSurvey({ lists: [live] }))).toBe('not_movable');
  expect(codeOf({}, strandedSurvey({ lists: [live] }))).toBe('nothing_to_rescue');
});

test('made again it holds to the lists that were approved: less is fine, more and new suspects go back to the people', () => {
  const approved = planned({ withOld: true });
  const again = (survey: Survey) =>
    planned(approved.parameters as Record<string, unknown>, survey, { approved });
  const other = aPrivateList({ key: 'queue:sq|worker-8:1:dead|default', size: 7 });
  expect(rescue.drift(approved, again(strandedSurvey({ lists: [aPrivateList({ size: 7 }), other] })))).toBe(
    'same or less',
  );
  expect(rescue.drift(approved, again(strandedSurvey({ lists: [aPrivateList({ size: 900 })] })))).toBe(
    'same or less',
  );
  const suspicious = strandedSurvey({}, { suspects: [SUSPECT, 'PayrollRunJob'] });
  expect(rescue.drift(approved, again(suspicious))).toEqual([
    'New: New suspects: PayrollRunJob would be moved as this was approved.',
  ]);
});
