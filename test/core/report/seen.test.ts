import { expect, test } from 'vitest';
import { DAY_MS } from '../../../src/core/history/calendar.ts';
import type { HistorySample } from '../../../src/core/history/sample.ts';
import { reportAnswer } from '../../../src/core/report/answer.ts';
import { nightChart } from '../../../src/core/report/chart.ts';
import { postOf } from '../../../src/core/report/details.ts';
import type { Morning } from '../../../src/core/report/night.ts';
import { reportOf } from '../../../src/core/report/report.ts';
import { checkMessageBlocks } from '../../../src/sandbox/validate/message.ts';
import { renderReply } from '../../../src/slack/render/reply.ts';
import { CALENDAR, morningOf, NOW_MS, USUAL_WAVE } from './mornings.ts';

const textOf = (morning: Morning): string =>
  renderReply(reportAnswer(reportOf(morning), []), { hasCharts: true }).text;

/** "02:00" of the night before `NOW_MS`, which is nine in the morning in Denver. */
const clock = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const atMs = NOW_MS - 9 * 3_600_000 + (hours * 60 + minutes) * 60_000;
  return hours >= 20 ? atMs - DAY_MS : atMs;
};

/** The same morning, but for that time nobody looked. */
function withoutSight(morning: Morning, from: string, until: string): Morning {
  const [fromMs, toMs] = [clock(from), clock(until)];
  const samples = morning.night.samples.flatMap((sample): HistorySample[] => {
    const endMs = sample.atMs + 600_000;
    const unseenMs = Math.min(endMs, toMs) - Math.max(sample.atMs, fromMs);
    if (unseenMs >= 600_000) return [];
    return [unseenMs <= 0 ? sample : { ...sample, minutes: 10 - unseenMs / 60_000 }];
  });
  return { ...morning, night: { ...morning.night, samples } };
}

const QUIET = { most: 40, fromHour: 1, untilHour: 4 };

test('a night that was seen in part is neither quiet nor without anything notable', () => {
  const text = textOf(withoutSight(morningOf(QUIET), '02:00', '08:50'));
  expect(text).toMatch(
    /^🟡 payroll: I saw only a part of the night\. I did not see 02:00 to 08:50\. At most 40 jobs waited in what I saw\. Now 40 wait/,
  );
  expect(text).toContain('In what I saw nothing was out of the ordinary; of the rest nobody knows.');
  expect(text).toContain('In what I saw: 22,200 jobs done, none failed.');
  expect(text).not.toMatch(/quiet night|Nothing notable|the night before/);
});

test('a wave that ended while nobody looked has no time at which it finished', () => {
  const morning = withoutSight(morningOf(USUAL_WAVE), '02:00', '08:50');
  expect(textOf(morning)).toMatch(
    /^🟡 payroll: the night has finished; when, I can’t say\. I did not see 02:00 to 08:50\. At most 3,000 jobs waited in what I saw, at 01:00\. Now 40 wait/,
  );
  expect(reportAnswer(reportOf(morning), []).data).toMatchObject({
    finish: 'finished',
    finishedAt: null,
    unseen: [{ from: '2026-11-25T09:00:00.000Z', to: '2026-11-25T15:50:00.000Z' }],
  });
});

test('one that was seen to end finished then, as far as was seen', () => {
  expect(textOf(withoutSight(morningOf(USUAL_WAVE), '05:00', '08:00'))).toMatch(
    /the night finished at 04:00, as far as I saw\. I did not see 05:00 to 08:00\./,
  );
});

test.each([
  ['02:00', '08:50', /jobs wait, usually 40 at this hour; it has been so since 01:00, as far as I saw\./],
  ['00:30', '08:50', /jobs wait, usually 40 at this hour; since when, I can’t say\./],
  ['00:30', '09:00', /jobs wait, usually 40 at this hour; since when, I can’t say\./],
])('of one that goes on, not seen from %s to %s, only what was seen is said', (from, until, since) => {
  const text = textOf(withoutSight(morningOf({ most: 312_000, fromHour: 1, untilHour: 24 }), from, until));
  expect(text).toMatch(/^🔴 payroll: the night has not finished\. 312 k /);
  expect(text).toMatch(since);
  expect(text).toContain(`I did not see ${from} to ${until}.`);
});

test('where its end was not seen and can’t be now, nobody knows whether it finished', () => {
  const morning = { ...morningOf(USUAL_WAVE), now: { unread: 'Redis of payroll refuses connections.' } };
  for (const from of ['02:00', '05:00']) {
    const text = textOf(withoutSight(morning, from, '09:00'));
    expect(text).toMatch(/^🔴 payroll: whether the night has finished, I can’t say\. I did not see /);
    expect(text).not.toMatch(/finished at|jobs wait,/);
  }
});

test.each(['08:00', '09:00'])(
  'what was unusual when sight was lost lasted at least until then, not until now (%s)',
  (until) => {
    const morning = withoutSight(morningOf({ most: 50_000, fromHour: 1, untilHour: 5 }), '02:05', until);
    expect(textOf(morning)).toMatch(/default`?: up to 50 k from 01:00 to at least 02:05, usually at most/);
  },
);

test('a gap is measured to the minute, and less than twenty minutes are none', () => {
  const gapsOf = (from: string, until: string) =>
    reportOf(withoutSight(morningOf(QUIET), from, until)).seen.gaps;
  expect(gapsOf('02:07', '02:27')).toEqual([{ fromMs: clock('02:07'), toMs: clock('02:27') }]);
  expect(gapsOf('02:07', '02:26')).toEqual([]);
  expect(gapsOf('20:00', '20:20')).toEqual([{ fromMs: clock('20:00'), toMs: clock('20:20') }]);
  expect(textOf(withoutSight(morningOf(QUIET, { past: [] }), '02:07', '02:26'))).toContain(
    'payroll: a quiet night.',
  );
});

test('many looks that are missing are told as a share, many gaps as a number', () => {
  const morning = morningOf(QUIET);
  const thin = morning.night.samples.map((sample) => ({ ...sample, minutes: 8 }));
  expect(textOf({ ...morning, night: { ...morning.night, samples: thin } })).toContain(
    'I saw only a part of the night. I saw only 80 % of it.',
  );
  const holes = ['21', '23', '01', '03', '05'].reduce(
    (night, hour) => withoutSight(night, `${hour}:00`, `${hour}:30`),
    morning,
  );
  expect(textOf(holes)).toContain(
    'I did not see 21:00 to 21:30, 23:00 to 23:30, 01:00 to 01:30, 2 more times.',
  );
});

test('what Sidekiq counted before the bot came is counted, and not seen', () => {
  const morning = morningOf(QUIET);
  const counts = { waiting: undefined, queues: undefined, busyByClass: undefined };
  const samples = morning.night.samples.map((sample) =>
    sample.atMs < clock('03:00') ? { ...sample, ...counts } : sample,
  );
  const text = textOf({ ...morning, night: { ...morning.night, samples } });
  expect(text).toContain('I did not see 20:00 to 03:00.');
  expect(text).toContain('In what I saw: 46,800 jobs done');
});

test('a night before that was seen in part is not compared with', () => {
  const morning = morningOf(QUIET);
  expect(textOf(morning)).toContain('; the night before ');
  const before = morning.night.before.slice(20);
  expect(textOf({ ...morning, night: { ...morning.night, before } })).not.toContain('the night before ');
});

test('no point of the chart stands for both sides of a gap, and its title names it', () => {
  const morning = withoutSight(morningOf(USUAL_WAVE), '02:00', '08:50');
  const { message } = postOf(reportOf(morning));
  const part = message.parts.find(({ type }) => type === 'chart');
  if (part?.type !== 'chart') throw new Error('no chart');
  expect(part.chart.title).toBe('Jobs waiting, not seen 02:00 to 08:50');
  expect(part.chart.categories.slice(-2)).toEqual(['01:20', '08:50']);
  expect(part.chart.series[0]?.values.slice(-2)).toEqual([3000, 40]);
  expect(checkMessageBlocks(renderReply(message, { hasCharts: true }).blocks)).toMatchObject({ ok: true });
});

test('hours, of which the first began before the night, have no gap', () => {
  const morning = morningOf(QUIET);
  const hours = morning.night.samples.filter(({ atMs }) => atMs % 3_600_000 === 0).slice(1);
  const samples = hours.map((sample) => ({ ...sample, resolution: 'hour' as const, minutes: 60 }));
  const range = { fromMs: morning.night.range.fromMs + 1_800_000, toMs: NOW_MS };
  expect(nightChart(samples, { range, calendar: CALENDAR }, () => undefined)?.title).toBe(
    'Jobs waiting through the night',
  );
});
