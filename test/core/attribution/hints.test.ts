import { expect, test } from 'vitest';
import { hintsIn } from '../../../src/core/attribution/hints.ts';
import type { Scene } from '../../../src/core/attribution/traces.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aFleet, aProcess, aSnapshot, HOUR_MS, MINUTE_MS, NOW_MS, worksOf } from '../../snapshots.ts';

const GIB = 2 ** 30;

function scene(overrides: Partial<Scene> = {}): Scene {
  return {
    snapshot: aSnapshot({}),
    strandedLists: [],
    interruptedSet: new Map(),
    rescuedJobs: new Map(),
    deadWithoutError: new Map(),
    endedLastHour: undefined,
    terminations: [],
    ...overrides,
  };
}

const counts = (...classes: readonly string[]) => new Map(classes.map((name) => [name, 1]));
/** Private lists of dead processes on hosts pod-0, pod-1, …, with what each holds. */
const lists = (...held: readonly (readonly string[])[]) =>
  held.map((classes, index) => ({
    key: `l${index}`,
    owner: `pod-${index}:1:abc`,
    classes: counts(...classes),
  }));
const hints = (overrides: Partial<Scene>) =>
  hintsIn(scene(overrides)).map(({ jobClass, sentences }) => [jobClass, ...sentences]);

test('nothing lies around: nobody is pointed at', () => {
  expect(hints({})).toEqual([]);
});

test('the class in every private list of the dead leads; one that is in few is left out', () => {
  expect(hints({ strandedLists: lists(['Bad', 'A'], ['Bad', 'B'], ['Bad', 'C']) })).toEqual([
    ['Bad', 'lies in 3 of 3 private lists of dead processes'],
  ]);
});

test('what the kernel killed for memory is joined to what those pods had in flight', () => {
  const oom = (pod: string) => ({ pod, atMs: NOW_MS, reason: 'OOMKilled', exitCode: 137 });
  const found = hints({
    strandedLists: lists(['Bad'], ['Bad', 'A'], ['B']),
    terminations: [oom('pod-0'), oom('pod-1'), { ...oom('pod-2'), reason: 'Error', exitCode: 1 }],
  });
  expect(found[0]).toEqual([
    'Bad',
    'lies in 2 of 3 private lists of dead processes',
    'was in flight in 2 of 2 pods that the kernel killed for memory',
  ]);
});

test('jobs given up and rescued again and again point to a class only where it leads clearly', () => {
  expect(
    hints({
      interruptedSet: new Map([
        ['Bad', 7],
        ['A', 1],
      ]),
    }),
  ).toEqual([['Bad', '7 of its jobs were given up after interruptions']]);
  expect(
    hints({
      interruptedSet: new Map([
        ['Bad', 7],
        ['A', 6],
      ]),
    }),
  ).toEqual([]);
  expect(hints({ deadWithoutError: new Map([['Bad', 9]]) }), 'one light sign').toEqual([]);
});

test('a class that runs and never ends in Sidekiq’s metrics, in all threads of processes that are all young', () => {
  const young = aFleet(3, { startedAtMs: NOW_MS - MINUTE_MS });
  const snapshot = aSnapshot({ processes: young, works: worksOf(young, 'Bad') });
  expect(hints({ snapshot, endedLastHour: new Map([['A', 100]]) })).toEqual([
    [
      'Bad',
      'runs in 15 threads, and no job of it ended within the last hour',
      'holds 15 of 15 busy threads, and every process is younger than five minutes',
    ],
  ]);
  const old = aFleet(3, { startedAtMs: NOW_MS - HOUR_MS });
  expect(hints({ snapshot: aSnapshot({ processes: old, works: worksOf(old, 'Bad') }) })).toEqual([]);
});

test('silent processes that all ran it, and memory that stands out where it runs, add up', () => {
  const of = (name: string, overrides: Partial<Process>) => aProcess(`${name}:1:x`, overrides);
  const silent = [of('s1', { state: 'silent' }), of('s2', { state: 'silent' })];
  const large = [of('l1', { rssBytes: 2 * GIB }), of('l2', { rssBytes: 2 * GIB })];
  const small = [of('m1', { rssBytes: GIB }), of('m2', { rssBytes: GIB })];
  const works = [...worksOf([...silent, ...large], 'Bad'), ...worksOf(small, 'Good')];
  const snapshot = aSnapshot({ processes: [...silent, ...large, ...small], works });
  expect(hints({ snapshot })).toEqual([
    [
      'Bad',
      'was running in 2 of 2 processes that went silent',
      'its processes hold 2.0 times the memory of the others',
    ],
  ]);
});
