import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believe } from '../../../src/core/attribution/belief.ts';
import type { Observation } from '../../../src/core/attribution/observation.ts';
import { summarise } from '../../../src/core/attribution/summary.ts';
import { judge } from '../../../src/core/attribution/verdict.ts';
import { verdictSentences } from '../../../src/core/attribution/verdict-sentences.ts';
import { randomFrom } from './fleet.ts';
import { anyLives, beliefAfter, evidenceOf, type Life, observationsOf, pOf, victim } from './incident.ts';

test('nobody is blamed where nothing crashed, or nothing was in flight at any crash', () => {
  const nobody = { noneP: 1, classes: [], jobs: [] };
  expect(beliefAfter([])).toEqual(nobody);
  expect(beliefAfter([{ beats: [['AJob'], ['AJob']] }])).toEqual(nobody);
  expect(beliefAfter([{ beats: [['AJob'], []], end: 'crash' }])).toEqual(nobody);
});

test('a class that runs seldom but at every crash is likely, and one that always runs is not', () => {
  const belief = beliefAfter(Array.from({ length: 5 }, () => victim(['SyncJob', 'SyncJob'], ['BadJob'])));
  expect(belief.classes[0]?.jobClass).toBe('BadJob');
  expect(pOf(belief, 'BadJob')).toBeGreaterThan(0.9);
  expect(pOf(belief, 'SyncJob')).toBeLessThan(0.05);
});

test('kills at random times accuse somebody in a few per cent of fleets at most', () => {
  const random = randomFrom(7);
  let accused = 0;
  const fleets = 200;
  for (let fleet = 0; fleet < fleets; fleet++) {
    const lives = Array.from({ length: 8 }, (): Life => {
      const classes = () => Array.from({ length: 5 }, () => `C${Math.floor(20 * random() ** 2)}Job`);
      return { beats: Array.from({ length: 5 + Math.floor(random() * 60) }, classes), end: 'crash' };
    });
    if ((beliefAfter(lives).classes[0]?.p ?? 0) >= 0.8) accused++;
  }
  expect(accused / fleets).toBeLessThanOrEqual(0.03);
});

test('five processes lost on one host at once weigh hardly more than one', () => {
  const before = [victim(['SyncJob'], ['BadJob'])];
  const lost = (count: number) =>
    Array.from({ length: count }, () => ({
      ...victim(['SyncJob'], ['BadJob']),
      host: 'evicted',
      startedAtMs: 60_000,
    }));
  const p = (lives: Life[]) => pOf(beliefAfter(lives), 'BadJob');
  const gainOfOne = p([...before, ...lost(1)]) - p(before);
  expect(gainOfOne).toBeGreaterThan(0.02);
  expect(Math.abs(p([...before, ...lost(5)]) - p([...before, ...lost(1)]))).toBeLessThan(gainOfOne / 2);
});

test('a second culprit is found behind the first', () => {
  const lives = [1, 2, 3, 4, 5, 6].flatMap(() => [
    victim(['SyncJob'], ['OneJob']),
    victim(['SyncJob'], ['OtherJob']),
  ]);
  const { classes } = beliefAfter(lives);
  expect(classes.slice(0, 2).map(({ jobClass }) => jobClass)).toEqual(['OneJob', 'OtherJob']);
  expect(classes[1]?.p).toBeGreaterThan(0.5);
});

test('one bad job of a common class is named by its id', () => {
  const lives = [1, 2, 3, 4].map(() => victim(['MailJob', 'SyncJob'], ['MailJob#13']));
  const { jobs, classes } = beliefAfter(lives);
  expect(classes[0]?.jobClass).toBe('MailJob');
  expect(jobs[0]).toMatchObject({ jid: 'MailJob-13', jobClass: 'MailJob' });
  expect(jobs[0]?.p).toBeGreaterThan(0.3);
});

test('processes that were killed while stopping, stopped, or ended unseen blame nobody', () => {
  for (const end of ['killed while stopping', 'clean stop', 'unknown'] as const) {
    const lives = [1, 2, 3].map(() => ({ ...victim(['SyncJob'], ['BadJob']), end }));
    expect(beliefAfter(lives).noneP).toBe(1);
  }
});

test('numbers stay finite with 200 crashes, without exposure, and for a class seen only at the crash', () => {
  const unseen: Observation[] = [
    { kind: 'process seen', identity: 'x', host: 'h', queues: [], concurrency: 1, startedAtMs: 0 },
    { kind: 'process crashed', identity: 'x', lastBeatAtMs: 0, left: [{ jid: '1', jobClass: 'NewJob' }] },
  ];
  const crowd = observationsOf(Array.from({ length: 200 }, () => victim(['SyncJob'], ['BadJob'], 3)));
  for (const observations of [unseen, [...crowd, ...unseen]]) {
    const { classes, noneP } = believe(summarise(evidenceOf(observations)));
    expect(classes.every(({ p }) => p >= 0 && p <= 1) && noneP >= 0 && noneP <= 1).toBe(true);
    expect(classes.some(({ jobClass }) => jobClass === 'NewJob')).toBe(true);
  }
});

test('whatever a fleet shows, every number is finite and every sentence is whole', () => {
  fc.assert(
    fc.property(anyLives, (lives) => {
      const evidence = evidenceOf(observationsOf(lives));
      const { classes, jobs, noneP } = believe(summarise(evidence));
      for (const p of [noneP, ...classes.map((one) => one.p), ...jobs.map((one) => one.p)]) {
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }
      const verdict = judge(evidence);
      expect(verdictSentences(verdict).join(' ')).not.toMatch(/NaN|Infinity|undefined|null/);
    }),
  );
});

test('renaming the classes renames the answer and changes nothing else', () => {
  const renamed = (name: string) =>
    name.replace(/^[A-D]/, (letter) => 'ZXYW'['ABCD'.indexOf(letter)] ?? letter);
  fc.assert(
    fc.property(anyLives, (lives) => {
      const before = beliefAfter(lives);
      const after = beliefAfter(
        lives.map((life) => ({ ...life, beats: life.beats.map((beat) => beat.map(renamed)) })),
      );
      expect(after.noneP).toBeCloseTo(before.noneP, 9);
      for (const { jobClass, p } of before.classes) expect(pOf(after, renamed(jobClass))).toBeCloseTo(p, 9);
    }),
  );
});

test('the order in which processes are told changes nothing', () => {
  const shuffled = anyLives.chain((lives) => {
    const numbered = lives.map((life, index) => ({ ...life, startedAtMs: index * 15_000 }));
    return fc.tuple(
      fc.constant(numbered),
      fc.shuffledSubarray(numbered, { minLength: numbered.length, maxLength: numbered.length }),
    );
  });
  fc.assert(
    fc.property(shuffled, ([lives, others]) => {
      const before = beliefAfter(lives);
      const after = beliefAfter(others);
      expect(after.noneP).toBeCloseTo(before.noneP, 9);
      for (const { jobClass, p } of before.classes) expect(pOf(after, jobClass)).toBeCloseTo(p, 9);
    }),
  );
});

test('the more a class runs without harm, the less it is believed guilty', () => {
  const calm = (jobs: number): Life => ({
    host: 'calm',
    startedAtMs: 0,
    beats: Array.from({ length: 100 }, () => ['SyncJob', ...Array.from({ length: jobs }, () => 'BadJob')]),
  });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 3 }), (crashes, jobs) => {
      const lives = Array.from({ length: crashes }, () => victim(['SyncJob', 'MailJob'], ['BadJob']));
      const less = pOf(beliefAfter([...lives, calm(jobs)]), 'BadJob');
      const more = pOf(beliefAfter([...lives, calm(2 * jobs + 1)]), 'BadJob');
      expect(more).toBeLessThan(less);
    }),
  );
});
