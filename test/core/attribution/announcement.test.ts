import { expect, test } from 'vitest';
import { type Announcement, stepAnnouncements } from '../../../src/core/attribution/announcement.ts';
import type { Suspect } from '../../../src/core/attribution/suspect.ts';
import type { Verdict } from '../../../src/core/attribution/verdict.ts';

const MINUTE = 60_000;

function suspect(p: number, lastCrashMinute: number, jobClass = 'BadJob'): Suspect {
  return {
    jobClass,
    p,
    crashes: 3,
    events: 3,
    lastCrashAtMs: lastCrashMinute * MINUTE,
    workShare: 0.1,
    processShare: 0.1,
    rateRatio: 10,
    cost: { threadsLost: 0, innocentsKilled: 0, workLostMs: 0 },
    isCertain: p >= 0.95,
  };
}

function verdict(p: number, lastCrashMinute: number, ...others: Suspect[]): Verdict {
  const common = { crashes: [], noneP: 1 - p, machineLosses: [] };
  if (p < 0.4) return { kind: 'not enough evidence', ...common, best: [], commonest: undefined };
  return { kind: p >= 0.8 ? 'likely' : 'suspected', ...common, suspect: suspect(p, lastCrashMinute), others };
}

/** Goes through a night, verdict after verdict, and returns what is said. */
function nightOf(verdicts: readonly (readonly [minute: number, verdict: Verdict])[]): string[] {
  let announcements: readonly Announcement[] = [];
  return verdicts.flatMap(([minute, now]) => {
    const stepped = stepAnnouncements(announcements, now, minute * MINUTE);
    announcements = stepped.announcements;
    return stepped.steps.map((step) => {
      return `${minute} ${step.kind} ${step.kind === 'announce' ? step.suspect.jobClass : step.jobClass}`;
    });
  });
}

test('a class is announced once, when it first becomes likely', () => {
  expect(
    nightOf([
      [1, verdict(0.5, 1)],
      [2, verdict(0.85, 2)],
      [3, verdict(0.99, 3)],
      [4, verdict(0.79, 4)],
      [5, verdict(0.85, 5)],
    ]),
  ).toEqual(['2 announce BadJob']);
});

test('what no longer holds is corrected once, and comes back only when it is certain', () => {
  expect(
    nightOf([
      [1, verdict(0.85, 1)],
      [2, verdict(0.41, 2)],
      [3, verdict(0.39, 3)],
      [4, verdict(0.2, 4)],
      [5, verdict(0.85, 5)],
      [6, verdict(0.3, 6)],
      [7, verdict(0.96, 7)],
    ]),
  ).toEqual(['1 announce BadJob', '3 correct BadJob', '7 announce BadJob']);
});

test('half an hour without a crash of the class closes it, and only a new crash opens it again', () => {
  expect(
    nightOf([
      [1, verdict(0.9, 1)],
      [31, verdict(0.9, 1)],
      [32, verdict(0.9, 1)],
      [40, verdict(0.9, 1)],
      [50, verdict(0.9, 49)],
    ]),
  ).toEqual(['1 announce BadJob', '32 close BadJob', '50 announce BadJob']);
});

test('a new window closes what was announced and corrects nothing', () => {
  expect(
    nightOf([
      [1, verdict(0.9, 1)],
      [2, { kind: 'no crash' }],
      [3, verdict(0.2, 3)],
    ]),
  ).toEqual(['1 announce BadJob', '2 close BadJob']);
});

test('a second culprit is announced for itself, and a slow leak never', () => {
  const common = { crashes: [], noneP: 0, machineLosses: [] };
  expect(
    nightOf([
      [1, { kind: 'slow leak', ...common, suspect: suspect(0.9, 1, 'LeakJob') }],
      [2, verdict(0.9, 2)],
      [3, verdict(0.9, 3, suspect(0.85, 3, 'OtherJob'), suspect(0.5, 3, 'ThirdJob'))],
    ]),
  ).toEqual(['2 announce BadJob', '3 announce OtherJob']);
});
