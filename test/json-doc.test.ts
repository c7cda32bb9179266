import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { purge } from '../src/core/actions/purge.ts';
import { purgePreview } from '../src/core/actions/purge-preview.ts';
import { backlogJson } from '../src/core/backlog/json.ts';
import { assess } from '../src/core/health/assess.ts';
import { healthJson } from '../src/core/health/json.ts';
import { REASON_CODES } from '../src/core/health/reason.ts';
import { migrationJson } from '../src/core/migration/json.ts';
import { suspectsJson } from '../src/core/suspects/json.ts';
import { aBacklog } from './commands/readings.ts';
import { aClassFound } from './core/actions/purge-founds.ts';
import { incidentNight } from './core/health/nights.ts';
import { strandedSurvey } from './core/migration/surveys.ts';
import { disasterNight } from './core/suspects/nights.ts';
import { aPolicy } from './snapshots.ts';

const DOC = readFileSync('docs/json.md', 'utf8');

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

const CRASHES = {
  overMs: 3_600_000,
  crashed: 9,
  usualPerHour: 0,
  suspect: { jobClass: 'DisasterJob', p: 0.97, verdict: 'likely' },
} as const;

test('every name that --json prints is documented', () => {
  const { snapshot, samples } = incidentNight();
  const health = healthJson(assess(snapshot, samples, aPolicy(), CRASHES));
  const backlog = aBacklog();
  const purgeWanted = purge.parameters.parse({ jobClass: 'DisasterJob' });
  const cron = [{ name: 'nightly', cron: '0 2 * * *', isEnabled: true }];
  const found = aClassFound({ cron });
  const plan = purge.plan(purgeWanted, { found, classes: new Map() }, found.takenAtMs);
  if ('type' in plan) throw new Error('refused');
  const printed = [
    ...keysOf(purgePreview(plan, found, []).data),
    ...keysOf(health),
    ...keysOf(backlogJson(backlog, backlog.classes, 100, undefined)),
    ...keysOf(migrationJson(strandedSurvey(), ['Next.'])),
    ...keysOf(suspectsJson({ ...disasterNight(), sidekiq: 'payroll', windowMs: undefined })),
  ];
  const missing = new Set(printed.filter((key) => !new RegExp(`[\`.]${key}[\`[.]`).test(DOC)));
  expect([...missing]).toEqual([]);
});

test('every code of a reason is documented', () => {
  expect(REASON_CODES.filter((code) => !DOC.includes(`\`${code}\``))).toEqual([]);
});
