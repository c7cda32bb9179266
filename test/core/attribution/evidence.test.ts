import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believe } from '../../../src/core/attribution/belief.ts';
import { observe } from '../../../src/core/attribution/evidence.ts';
import { freeze, thaw } from '../../../src/core/attribution/frozen.ts';
import type { Observation } from '../../../src/core/attribution/observation.ts';
import { summarise } from '../../../src/core/attribution/summary.ts';
import { judge } from '../../../src/core/attribution/verdict.ts';
import { anyLives, beliefAfter, evidenceOf, jobsOf, observationsOf, victim } from './incident.ts';

const LIVES = [1, 2, 3].map(() => victim(['SyncJob'], ['BadJob']));

test('a bot that starts again in the middle of the night believes what it would have believed', () => {
  fc.assert(
    fc.property(anyLives, fc.double({ min: 0, max: 1, noNaN: true }), (lives, share) => {
      const observations = observationsOf(lives);
      const cut = Math.floor(share * observations.length);
      const restarted = thaw(freeze(evidenceOf(observations.slice(0, cut))));
      const rest = observations.slice(cut);
      for (const observation of rest) observe(restarted, observation);
      expect(judge(restarted)).toEqual(judge(evidenceOf(observations)));
      expect(freeze(restarted)).toEqual(freeze(evidenceOf(observations)));
    }),
  );
});

test('frozen evidence carries no arguments of jobs, and foreign text is refused', () => {
  const evidence = evidenceOf(observationsOf(LIVES));
  const job = { jid: 'j', jobClass: 'BadJob', args: ['secret'] };
  observe(evidence, {
    kind: 'process seen',
    identity: 'p',
    host: 'h',
    queues: ['q'],
    concurrency: 1,
    startedAtMs: 0,
  });
  observe(evidence, { kind: 'beat', identity: 'p', atMs: 0, inFlight: [job] });
  expect(freeze(evidence)).not.toContain('secret');
  expect(() => thaw('{}')).toThrow();
  expect(() => thaw(freeze(evidence).replace('"version":1', '"version":2'))).toThrow();
  expect(() => thaw('{"version":1')).toThrow();
});

test('a process that beats again was no crash: all is as if it had been alive', () => {
  const alive = observationsOf([
    ...LIVES,
    { ...victim(['SyncJob'], ['BadJob']), host: 'stalled', end: undefined } as never,
  ]);
  const evidence = evidenceOf(alive);
  const before = believe(summarise(evidence));
  observe(evidence, { kind: 'process crashed', identity: 'stalled:1:3', lastBeatAtMs: 335_000 });
  expect(believe(summarise(evidence)).noneP).toBeLessThan(before.noneP);
  observe(evidence, { kind: 'crash retracted', identity: 'stalled:1:3' });
  expect(believe(summarise(evidence))).toEqual(before);
  expect(evidence.processes.has('stalled:1:3')).toBe(true);
});

test('a beat that is told twice counts once', () => {
  const rssMb = Array.from({ length: 30 }, (_, beat) => 300 + 7 * beat);
  const observations = observationsOf(LIVES.map((life) => ({ ...life, rssMb })));
  const twice = observations.flatMap((one): Observation[] => (one.kind === 'beat' ? [one, one] : [one]));
  expect(freeze(evidenceOf(twice))).toBe(freeze(evidenceOf(observations)));
});

test('a new window forgets crashes and exposure but not the living processes', () => {
  const evidence = evidenceOf(observationsOf([...LIVES, { beats: [['AJob'], ['AJob']] }]));
  observe(evidence, { kind: 'window reset' });
  expect(judge(evidence)).toEqual({ kind: 'no crash' });
  expect(evidence.processes.size).toBe(1);
});

test('a day later the night is forgotten, and what is kept stays bounded', () => {
  const evidence = evidenceOf(observationsOf(LIVES));
  const seen = { kind: 'process seen', identity: 'p', host: 'h', queues: ['q'], concurrency: 1 } as const;
  observe(evidence, { ...seen, startedAtMs: 0 });
  for (let minute = 0; minute < 3 * 24 * 60; minute++) {
    observe(evidence, {
      kind: 'beat',
      identity: 'p',
      atMs: minute * 60_000,
      inFlight: jobsOf(['AJob'], `${minute}`),
    });
  }
  expect(judge(evidence)).toEqual({ kind: 'no crash' });
  expect(evidence.buckets.size).toBeLessThan(40 + 21 + 24);
  expect(evidence.jobs.size).toBeLessThan(130);
  // All of the day is still counted, half a minute a beat at most.
  expect(summarise(evidence).strataS[0]).toBeGreaterThan(24 * 60 * 30 * 0.98);
});

test('at most the last 200 crashes are kept', () => {
  const evidence = evidenceOf(observationsOf(Array.from({ length: 230 }, () => victim([], ['BadJob'], 2))));
  expect(evidence.crashes).toHaveLength(200);
  expect(evidence.crashes[0]?.identity).toBe('host-30:1:30');
});

test('an answer for the last minutes leaves out earlier crashes and their exposure', () => {
  const early = { ...victim(['SyncJob'], ['OldJob']), startedAtMs: 0 };
  const late = { ...victim(['SyncJob'], ['NewJob']), startedAtMs: 3_600_000 };
  const evidence = evidenceOf(observationsOf([early, early, early, late, late]));
  const summary = summarise(evidence, 3_600_000);
  expect(summary.crashes).toHaveLength(2);
  expect(summary.classes.map(({ jobClass }) => jobClass).sort()).toEqual(['NewJob', 'SyncJob']);
  expect(believe(summary)).toEqual(beliefAfter([late, late]));
});
