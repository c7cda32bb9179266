import { expect, test } from 'vitest';
import { healthAnswer } from '../../../src/core/health/answer.ts';
import { assess } from '../../../src/core/health/assess.ts';
import { crashesIn, crashesPhrase } from '../../../src/core/health/crashes.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { printReply } from '../../../src/terminal/print.ts';
import { aPolicy, HOUR_MS, NOW_MS } from '../../snapshots.ts';
import { evidenceOf, observationsOf, victim } from '../attribution/incident.ts';
import { incidentNight } from './nights.ts';

/** One process that lives all the time, and victims of DisasterJob that fell so many minutes ago. */
function evidence(...fellMinutesAgo: readonly number[]) {
  const victims = fellMinutesAgo.map((minutes, index) => ({
    ...victim(['SyncJob', 'MailJob'], ['DisasterJob']),
    startedAtMs: NOW_MS - minutes * 60_000 - 290_000,
    host: `w${index}`,
  }));
  const calm = {
    beats: Array.from({ length: 5 * 360 }, () => ['SyncJob']),
    startedAtMs: NOW_MS - 5 * HOUR_MS,
  };
  return evidenceOf(observationsOf([calm, ...victims]));
}

test('crashes of the last hour stand beside the usual number, and the suspect with its probability', () => {
  const crashes = crashesIn(evidence(5, 10, 15, 20, 25), NOW_MS);
  expect(plainText(crashesPhrase(crashes))).toMatch(
    /^5 crashes in the last hour, usually none; DisasterJob is likely killing workers \((>99|\d\d) %\)$/,
  );
  const earlier = crashesIn(evidence(5, 100, 110, 120, 130), NOW_MS);
  expect(earlier.crashed).toBe(1);
  expect(earlier.usualPerHour).toBeCloseTo(1, 0);
});

test('a quiet hour has no suspect, and a short watch has no usual number', () => {
  expect(crashesIn(evidence(100, 110), NOW_MS)).toMatchObject({ crashed: 0, suspect: undefined });
  const short = evidenceOf(observationsOf([{ beats: [['A'], ['A']], startedAtMs: NOW_MS - 600_000 }]));
  expect(plainText(crashesPhrase(crashesIn(short, NOW_MS)))).toBe('0 crashes in 10 minutes');
});

test('the health answer names the suspect where processes keep dying', () => {
  const { snapshot, samples } = incidentNight();
  const crashes = crashesIn(evidence(5, 10, 15, 20, 25), NOW_MS);
  const health = assess(snapshot, samples, aPolicy(), crashes);
  const words = printReply(healthAnswer(health, []), { width: 80, hasColour: false }).replaceAll(/\s+/g, ' ');
  expect(words).toContain('Watched: 5 crashes in the last hour, usually none; DisasterJob is likely');
  expect(health.reasons.find(({ code }) => code === 'processes_dying')?.subjects).toEqual(['DisasterJob']);
});
