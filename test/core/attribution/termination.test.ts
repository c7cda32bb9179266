import { expect, test } from 'vitest';
import { terminationOf, terminationSentence } from '../../../src/core/attribution/termination.ts';

const oom = { reason: 'OOMKilled', exitCode: 137 };

test('an end belongs to the crash of its pod at its time', () => {
  const ends = [
    { pod: 'worker-1', atMs: 1_000_000, ...oom },
    { pod: 'worker-1', atMs: 1_200_000, reason: 'Error', exitCode: 1 },
    { pod: 'worker-2', atMs: 1_000_000, reason: 'Completed', exitCode: 0 },
  ];
  expect(terminationOf({ host: 'worker-1', atMs: 994_000 }, ends)).toBe(ends[0]);
  expect(terminationOf({ host: 'worker-1', atMs: 1_195_000 }, ends)).toBe(ends[1]);
  expect(terminationOf({ host: 'worker-1', atMs: 1_100_000 }, ends)).toBeUndefined();
  expect(terminationOf({ host: 'worker-3', atMs: 994_000 }, ends)).toBeUndefined();
});

test('what the kernel did for memory is told first, and what is not known is told, too', () => {
  const told = (...ends: readonly ({ reason: string; exitCode: number } | undefined)[]) =>
    terminationSentence(ends.map((termination) => ({ termination })));
  expect(told(oom, oom, oom)).toBe('the kernel killed 3 of 3 for memory');
  expect(told(oom, { reason: 'Error', exitCode: 1 }, undefined)).toBe(
    'the kernel killed 1 of 3 for memory; 1 ended with exit code 1 (Error); nothing is known of 1',
  );
  expect(told(undefined)).toBeUndefined();
});
