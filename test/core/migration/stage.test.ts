import { expect, test } from 'vitest';
import { movabilityOf } from '../../../src/core/migration/movability.ts';
import { stepsForPeople } from '../../../src/core/migration/next-steps.ts';
import { stageOf } from '../../../src/core/migration/stage.ts';
import { watchStillness } from '../../../src/core/migration/stillness.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aFleet, aPrivateList, NOW_MS } from '../../snapshots.ts';
import { strandedSurvey } from './surveys.ts';

const SUPER: Partial<Process> = { fetch: { strategy: 'super_fetch', evidence: 'member' }, version: '7.3.10' };
const YOUNG: Partial<Process> = {
  fetch: { strategy: 'unknown', evidence: 'it started less than 20 seconds ago' },
  startedAtMs: NOW_MS - 5000,
};

test('the stages follow the processes and what lies stranded', () => {
  const stageWith = (processes: readonly Process[], lists = strandedSurvey().lists) =>
    stageOf(processes, lists, NOW_MS).name;
  expect(stageWith([])).toBe('no_process');
  expect(stageWith(aFleet(5))).toBe('not_begun');
  expect(stageWith([...aFleet(5), ...aFleet(1, SUPER)])).toBe('mixed');
  expect(stageWith(aFleet(5, SUPER))).toBe('to_be_finished');
  expect(stageWith(aFleet(5, SUPER), [])).toBe('done');
});

test('a process that has just begun is no step back, one that never registers is', () => {
  expect(stageOf([...aFleet(5, SUPER), ...aFleet(1, YOUNG)], [], NOW_MS).name).toBe('done');
  expect(stageOf([...aFleet(5, SUPER), ...aFleet(1, YOUNG)], [], NOW_MS + 30_000).name).toBe('mixed');
});

test('the first step names the Pro that fits, the line, and what to remove', () => {
  const fetch = { strategy: 'reliable_fetch', evidence: 'list' } as const;
  const steps = stepsForPeople(strandedSurvey({ processes: aFleet(2, { fetch, version: '4.2.10' }) })).join(
    ' ',
  );
  expect(steps).toContain('Pro 3.4.1 or newer');
  expect(steps).toContain('config.super_fetch!');
  expect(steps).toContain('--index');
  expect(steps).toContain('Host names need not be unique');
  expect(steps).toContain('longer than the timeout');
  const modern = stepsForPeople(strandedSurvey({ processes: aFleet(2, { version: '6.5.12' }) })).join(' ');
  expect(modern).toContain('Pro 5 with what runs here');
  expect(modern).not.toContain('--index');
});

test('a list of reliable_fetch that was seen to change waits for half a minute', () => {
  const list = aPrivateList({
    key: 'queue:default_gone_0',
    scheme: 'reliable_fetch',
    owner: 'gone 0',
    mark: '1 a',
  });
  let still = watchStillness(new Map(), [list], 1000);
  still = watchStillness(still, [list], 2000);
  expect(still.get(list.key)?.sinceMs).toBe(1000);
  still = watchStillness(still, [{ ...list, mark: '2 b' }], 3000);
  expect(still.get(list.key)?.sinceMs).toBe(3000);
  const facts = { list, contents: undefined, processes: [] };
  expect(movabilityOf({ ...facts, changedAgoMs: 29_000 }).may).toBe('later');
  expect(movabilityOf({ ...facts, changedAgoMs: 31_000 }).may).toBe('now');
  expect(movabilityOf({ ...facts, changedAgoMs: undefined }).may).toBe('now');
});
