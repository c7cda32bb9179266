import { expect, test } from 'vitest';
import { DAY_MS, daysBefore } from '../../../src/core/history/calendar.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { reportAnswer } from '../../../src/core/report/answer.ts';
import { postOf, wholeReport } from '../../../src/core/report/details.ts';
import { type Morning, nightRange } from '../../../src/core/report/night.ts';
import { reportOf } from '../../../src/core/report/report.ts';
import { checkMessageBlocks } from '../../../src/sandbox/validate/message.ts';
import { renderReply } from '../../../src/slack/render/reply.ts';
import { CALENDAR, crowdedMorning, morningOf, NOW_MS, nightOf, USUAL_WAVE } from './mornings.ts';

const textOf = (morning: Morning): string =>
  renderReply(reportAnswer(reportOf(morning), []), { hasCharts: true }).text;

test('a night like all others is finished, and nothing is notable', () => {
  const text = textOf(morningOf(USUAL_WAVE));
  expect(text).toMatch(
    /payroll: the night finished at 04:00\. At most 3,000 jobs waited, at 01:00\. Now 40 wait, usually 40 at this hour\./,
  );
  expect(text).toContain('Nothing notable: no crash, no alert, no figure out of its usual range.');
  expect(text).not.toContain('Changed');
});

test('a night that goes on says so first, with what is usual', () => {
  const text = textOf(morningOf({ most: 312_000, fromHour: 1, untilHour: 24 }));
  expect(text).toMatch(
    /^🔴 payroll: the night has not finished\. 312 k jobs wait, usually 40 at this hour; it has been so since 01:00\./,
  );
  expect(text).toMatch(/Jobs waiting in `?default`?: up to 312 k since 01:00, until now, usually at most /);
});

test('a wave that was larger and longer, and is over, is a warning with its times', () => {
  const report = reportOf(morningOf({ most: 50_000, fromHour: 1, untilHour: 6 }));
  const answer = reportAnswer(report, []);
  expect(plainText(answer.headline)).toMatch(/the night finished at 06:00\. At most 50 k jobs waited/);
  expect(report.notable.map(({ text }) => plainText(text))).toEqual([
    expect.stringMatching(/default: up to 50 k from 01:00 to 06:00, usually at most/),
  ]);
});

test('while nothing is known to be usual, nothing is called unusual, and that is said', () => {
  const morning = morningOf({ most: 50_000, fromHour: 1, untilHour: 6 }, { past: [] });
  const report = reportOf(morning);
  expect(report.notable).toEqual([]);
  expect(renderReply(wholeReport(report, []), { hasCharts: false }).text).toContain('What is usual I learn');
});

test('a bot that saw nothing says that, and not that all was well', () => {
  const morning = morningOf(USUAL_WAVE);
  const text = textOf({ ...morning, night: { ...morning.night, samples: [] } });
  expect(text).toContain('I did not see the night. I have no figures since 20:00');
  expect(text).not.toContain('Nothing notable');
});

test('a Redis that can’t be read hides the morning, not the night', () => {
  const text = textOf(morningOf(USUAL_WAVE, { now: { unread: 'Redis of payroll refuses connections.' } }));
  expect(text).toMatch(/^🔴 payroll: the night finished at 04:00/);
  expect(text).toContain('Now it can’t be read: Redis of payroll refuses connections.');
});

test('a late post says when it was due', () => {
  expect(textOf(morningOf(USUAL_WAVE, { lateSinceMs: NOW_MS - 20 * 60_000 }))).toContain(
    'Late: this was due',
  );
});

test('a class that takes twice the workers’ time is a change; a gap in one night is none', () => {
  const morning = morningOf(USUAL_WAVE);
  const busy = (threads: number) => ({ busyByClass: new Map([['TaxJob', threads]]) });
  const twice = {
    ...morning,
    night: {
      ...morning.night,
      samples: nightOf(NOW_MS, USUAL_WAVE, busy(4)),
      before: nightOf(daysBefore(NOW_MS, 1, CALENDAR.timezone), USUAL_WAVE, busy(1)),
    },
  };
  expect(reportOf(twice).drifts.map(({ text }) => plainText(text))).toEqual([
    'TaxJob took 52 thread-hours, 13 thread-hours the night before.',
  ]);
  const gap = { ...twice.night, samples: nightOf(NOW_MS, USUAL_WAVE, busy(1)).slice(20) };
  expect(reportOf({ ...morning, night: gap }).drifts).toEqual([]);
});

test('the chart has what waited and what usually does, in at most twenty points', () => {
  const answer = reportAnswer(reportOf(morningOf(USUAL_WAVE)), []);
  const part = answer.parts.find(({ type }) => type === 'chart');
  if (part?.type !== 'chart') throw new Error('no chart');
  expect(part.chart.series.map(({ name }) => name)).toEqual(['waiting', 'usually']);
  expect(part.chart.categories.length).toBeLessThanOrEqual(20);
  expect(part.chart.categories[0]).toBe('20:00');
  expect(Math.max(...(part.chart.series[0]?.values ?? []))).toBe(3000);
});

test.each([
  ['in the morning', '2026-11-25T16:00:00Z', '2026-11-25T03:00:00.000Z'],
  ['in the afternoon', '2026-11-25T22:00:00Z', '2026-11-25T03:00:00.000Z'],
  ['in the evening', '2026-11-26T04:00:00Z', '2026-11-25T03:00:00.000Z'],
  ['in the night', '2026-11-26T08:00:00Z', '2026-11-26T03:00:00.000Z'],
  ['the morning after the clock went back', '2026-11-01T16:00:00Z', '2026-11-01T02:00:00.000Z'],
])('asked %s, the night began at eight in the evening', (_, now, from) => {
  const { fromMs, toMs } = nightRange(Date.parse(now), CALENDAR);
  expect(new Date(fromMs).toISOString()).toBe(from);
  expect(toMs - fromMs).toBeLessThanOrEqual(DAY_MS + 4 * 3_600_000);
});

test('post and thread stay within Slack’s limits with 200 queues and names of 150 characters', () => {
  const report = reportOf(crowdedMorning());
  expect(report.notable.length).toBeGreaterThan(200);
  const { message, details } = postOf(report);
  for (const answer of [message, details, wholeReport(report, [])]) {
    for (const hasCharts of [true, false]) {
      const { blocks } = renderReply(answer, { hasCharts });
      expect(checkMessageBlocks(blocks)).toMatchObject({ ok: true });
      expect(blocks.length).toBeGreaterThan(3);
    }
  }
});
