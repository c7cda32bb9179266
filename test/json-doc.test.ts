import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { backlogJson } from '../src/core/backlog/json.ts';
import { assess } from '../src/core/health/assess.ts';
import { healthJson } from '../src/core/health/json.ts';
import { REASON_CODES } from '../src/core/health/reason.ts';
import { suspectsJson } from '../src/core/suspects/json.ts';
import { aBacklog } from './commands/readings.ts';
import { incidentNight } from './core/health/nights.ts';
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
  const printed = [
    ...keysOf(health),
    ...keysOf(backlogJson(backlog, backlog.classes, 100, undefined)),
    ...keysOf(suspectsJson({ ...disasterNight(), sidekiq: 'payroll', windowMs: undefined })),
  ];
  const missing = new Set(printed.filter((key) => !new RegExp(`[\`.]${key}[\`[.]`).test(DOC)));
  expect([...missing]).toEqual([]);
});

test('every code of a reason is documented', () => {
  expect(REASON_CODES.filter((code) => !DOC.includes(`\`${code}\``))).toEqual([]);
});
