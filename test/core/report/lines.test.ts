import { expect, test } from 'vitest';
import { DAY_MS } from '../../../src/core/history/calendar.ts';
import type { Incident } from '../../../src/core/history/incident.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { reportAnswer } from '../../../src/core/report/answer.ts';
import { postOf, wholeReport } from '../../../src/core/report/details.ts';
import type { Morning, Night } from '../../../src/core/report/night.ts';
import { reportOf } from '../../../src/core/report/report.ts';
import { accountOf } from '../../../src/core/suspects/account.ts';
import { renderReply } from '../../../src/slack/render/reply.ts';
import { HOUR_MS, MINUTE_MS } from '../../snapshots.ts';
import { ANN, proposed } from '../approval/cast.ts';
import { evidenceOf, observationsOf, victim } from '../attribution/incident.ts';
import { crowdedMorning, NOW_MS, quietMorning } from './mornings.ts';

const HEAD = { count: 41, hash: 'ab'.repeat(32) };
const UNREAD = { unread: 'Redis of payroll refuses connections.' };

const textOf = (morning: Morning): string =>
  renderReply(reportAnswer(reportOf(morning), []), { hasCharts: true }).text;

const withNight = (morning: Morning, over: Partial<Night>): Morning => ({
  ...morning,
  night: { ...morning.night, ...over },
});

/** Nine processes died of one rare class, from half past two on; a crash is its last beat. */
function nightOfCrashes(): Morning {
  const morning = quietMorning();
  if ('unread' in morning.now) throw new Error('the morning can be read');
  const lives = Array.from({ length: 9 }, (_, nth) => ({
    ...victim(['SyncJob', 'MailJob'], ['DisasterJob']),
    startedAtMs: NOW_MS - 6.5 * HOUR_MS + nth * 2 * MINUTE_MS,
  }));
  return { ...morning, now: { ...morning.now, account: accountOf(evidenceOf(observationsOf(lives))) } };
}

/** From half past two to three, unless it is still open. */
function incident(kind: 'crash loop' | 'likely class', over: Partial<Incident> = {}): Incident {
  const troubles = {
    'crash loop': { kind, crashes: 9, hosts: 3, lastCrashAtMs: NOW_MS - 6 * HOUR_MS },
    'likely class': {
      kind,
      jobClass: 'DisasterJob',
      p: 0.97,
      crashes: 9,
      allCrashes: 9,
      workShare: 0.01,
      threadsLost: 45,
      innocentsKilled: 18,
    },
  };
  const sinceMs = NOW_MS - 6.5 * HOUR_MS;
  return {
    sidekiq: 'payroll',
    id: `${kind}@${sinceMs}`,
    sinceMs,
    untilMs: NOW_MS - 6 * HOUR_MS,
    bendsFigures: true,
    body: JSON.stringify({ key: kind, phase: 'closed', trouble: troubles[kind], sinceMs, phaseAtMs: 2 }),
    ...over,
  };
}

const CRASHES = [incident('crash loop'), incident('likely class')];

test('crashes are told once, with their times and the class that is held to be the culprit', () => {
  const { notable } = reportOf(withNight(nightOfCrashes(), { incidents: CRASHES }));
  expect(notable.map(({ text }) => plainText(text))).toEqual([
    expect.stringMatching(
      /^9 worker processes crashed between 02:34 and 02:50\. DisasterJob is likely killing workers/,
    ),
  ]);
});

test('crashes of which only an alert is left are told by it', () => {
  const { notable } = reportOf(withNight(quietMorning(), { incidents: CRASHES }));
  expect(notable.map(({ text }) => plainText(text))).toEqual([
    'From 02:30 to 03:00 (30 min) there was an alert: no worker process crashes any more. It was 9 crashes.',
    'From 02:30 to 03:00 (30 min) there was an alert: no crash for half an hour. DisasterJob was in flight in 9 of 9 crashes.',
  ]);
  // Those of another hour do not say it.
  const evening = { sinceMs: NOW_MS - 12 * HOUR_MS, untilMs: NOW_MS - 11 * HOUR_MS };
  const other = reportOf(withNight(nightOfCrashes(), { incidents: [incident('crash loop', evening)] }));
  expect(other.notable).toHaveLength(2);
});

test('a Redis that can’t be read in the morning hides no crash of the night', () => {
  const text = textOf(withNight({ ...quietMorning(), now: UNREAD }, { incidents: CRASHES }));
  expect(text).toContain('It was 9 crashes.');
  expect(text).toContain('DisasterJob was in flight in 9 of 9 crashes.');
  expect(text).not.toMatch(/no crash,|Nothing notable/);
});

test('that there was no crash is said only where somebody could look', () => {
  const text = textOf({ ...quietMorning(), now: UNREAD });
  expect(text).toContain(
    'Nothing else is notable: no alert, no figure out of its usual range. Whether a worker process crashed can’t be looked up now.',
  );
  expect(text).not.toContain('no crash');
});

test('proposals that wait, mutes that hold and what purges owe stand among what is open, with who and since when', () => {
  const asked = { ...proposed(), proposedAtMs: NOW_MS - 2 * HOUR_MS };
  const debt = {
    sidekiq: 'payroll',
    actionId: 'k7q2mp',
    jobClass: 'TaxJob',
    archived: 400,
    restored: 88,
    uncertain: 0,
    writtenOff: 0,
    firstAtMs: NOW_MS - 2 * DAY_MS,
    lastAtMs: NOW_MS - DAY_MS,
    owed: 312,
    owner: '@payroll',
    expiresAtMs: undefined,
  };
  const mute = { untilMs: NOW_MS + HOUR_MS, by: 'U0ANN' };
  const { open } = reportOf(
    withNight(quietMorning(), { open: [asked], mutes: [{ key: 'backlog', mute }], debts: [debt] }),
  );
  expect(open.map(({ text }) => plainText(text))).toEqual([
    `p1: purge Recurring::DisasterJob (42 affected), asked by ${ANN.identity.name} 2 h ago: waits for approval.`,
    expect.stringMatching(/^Muted: backlog, by .*U0ANN.* until /),
    'Purge debt k7q2mp: TaxJob, 312 of 400 jobs archived 2 d ago, neither put back nor written off. Owner: @payroll.',
  ]);
});

test('the audit head is the last thing that a post says', () => {
  const { parts } = reportAnswer(reportOf(withNight(quietMorning(), { head: HEAD })), []);
  const last = parts.at(-1);
  expect(last?.type === 'note' && plainText(last.text)).toMatch(
    new RegExp(`^Audit head 41:${HEAD.hash}\\. Read `),
  );
  expect(textOf(quietMorning())).toContain('The audit log is empty.');
});

test('however much there is to tell, the audit head is not among what is left out', () => {
  const report = reportOf(withNight(crowdedMorning(), { head: HEAD }));
  const { message } = postOf(report);
  for (const answer of [message, wholeReport(report, [])]) {
    for (const hasCharts of [true, false]) {
      const { blocks, text } = renderReply(answer, { hasCharts });
      expect(JSON.stringify(blocks)).toContain(`41:${HEAD.hash}`);
      expect(text).toContain(`41:${HEAD.hash}`);
    }
  }
});
