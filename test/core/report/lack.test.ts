import { expect, test } from 'vitest';
import { daysBefore } from '../../../src/core/history/calendar.ts';
import { learnable } from '../../../src/core/history/learnable.ts';
import { mergeSamples } from '../../../src/core/history/merge.ts';
import { countersOf, lookSample } from '../../../src/core/history/minute.ts';
import { sameHour } from '../../../src/core/history/same-hour.ts';
import type { HistorySample } from '../../../src/core/history/sample.ts';
import { usualLeast } from '../../../src/core/history/unusual.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { reportAnswer } from '../../../src/core/report/answer.ts';
import { lacksOf } from '../../../src/core/report/lack.ts';
import { hoursOf, type Morning, nightRange, usualIn } from '../../../src/core/report/night.ts';
import { reportOf } from '../../../src/core/report/report.ts';
import { HOUR_MS, MINUTE_MS } from '../../snapshots.ts';
import { aWorld, type World } from '../../weeks/world.ts';
import { morningOf, NOW_MS, PAST, USUAL_WAVE } from './mornings.ts';

const TEN_MS = 10 * MINUTE_MS;
/** Of before the clocks went back the waves lie an hour aside. */
const RECENT = PAST.filter(({ atMs }) => atMs > NOW_MS - 23 * 24 * HOUR_MS);
const NO_WAVE = { ...USUAL_WAVE, most: 40 };

/** Forty thousand jobs an hour are done while the maintenance window lasts, and six hundred else. */
const withWork = (samples: readonly HistorySample[]): readonly HistorySample[] =>
  samples.map((sample) => ({ ...sample, processed: (sample.waiting?.size ?? 0) > 1000 ? 40_000 / 6 : 100 }));

function nightWith(wave: typeof USUAL_WAVE, past = withWork(RECENT)): Morning {
  const morning = morningOf(wave, { past });
  return { ...morning, night: { ...morning.night, samples: withWork(morning.night.samples) } };
}

test('a maintenance window that never started is told with what is usually done in it, and is no quiet night', () => {
  const report = reportOf(nightWith(NO_WAVE));
  const { headline, parts, data } = reportAnswer(report, []);
  expect(plainText(headline)).toMatch(
    /^payroll: less work than usual this night\. At most 40 jobs waited\. Now 40 wait/,
  );
  expect(report.notable).toEqual([expect.objectContaining({ tone: 'warning' })]);
  expect(report.notable.map(({ text }) => plainText(text))).toEqual([
    'From 02:00 to 04:00 only 1,200 jobs done, usually 80 k in that time.',
  ]);
  expect(JSON.stringify(parts)).not.toContain('Nothing notable');
  expect(data).toMatchObject({ finish: 'idle' });
});

test('where only what waits shows it, that is told', () => {
  const { notable } = reportOf(morningOf(NO_WAVE, { past: RECENT }));
  expect(notable.map(({ text }) => plainText(text))).toEqual([
    'From 02:00 to 04:00 only 40 jobs waited, usually 3,000 at that time.',
  ]);
});

test('a window that ran as usual, half an hour late, or shorter lacks nothing', () => {
  const lacksIn = (wave: typeof USUAL_WAVE) => reportOf(nightWith(wave)).notable;
  expect(lacksIn(USUAL_WAVE)).toEqual([]);
  expect(lacksIn({ ...USUAL_WAVE, fromHour: 1.5, untilHour: 4.5 })).toEqual([]);
  expect(lacksIn({ ...USUAL_WAVE, untilHour: 3.5 })).toEqual([]);
});

test('what is young, comes now and then, or was not seen is not missed', () => {
  const young = RECENT.filter(({ atMs }) => atMs > NOW_MS - 6 * 24 * HOUR_MS);
  expect(reportOf(nightWith(NO_WAVE, withWork(young))).notable).toEqual([]);
  const everyOther = RECENT.map((sample) => {
    const weeksAgo = Math.floor((NOW_MS - sample.atMs) / (7 * 24 * HOUR_MS));
    return weeksAgo % 2 === 0
      ? { ...sample, waiting: { size: 40, mostSize: 40 }, queues: new Map() }
      : sample;
  });
  expect(reportOf(nightWith(NO_WAVE, withWork(everyOther))).notable).toEqual([]);
  const { night } = nightWith(NO_WAVE);
  const unseen = night.samples.filter(({ atMs }) => atMs % HOUR_MS !== 0);
  const partly = unseen.filter(({ atMs }) => atMs % HOUR_MS !== TEN_MS);
  const starts = night.hours.map(({ fromMs }) => fromMs);
  expect(lacksOf(unseen, starts, usualIn(night))).toHaveLength(1);
  expect(lacksOf(partly, starts, usualIn(night))).toEqual([]);
});

test('on a holiday nothing is missed: who does not work does not run payroll', () => {
  const { night } = nightWith(NO_WAVE);
  const calendar = { ...night.calendar, holidays: ['11-25'] };
  const hours = night.hours.map(({ fromMs }) => ({
    fromMs,
    sameHour: sameHour(fromMs, calendar, withWork(RECENT)),
  }));
  const starts = hours.map(({ fromMs }) => fromMs);
  expect(lacksOf(night.samples, starts, usualIn(night))).toHaveLength(1);
  expect(lacksOf(night.samples, starts, usualIn({ hours }))).toEqual([]);
});

test('only what nearly always was there, and much, can be too little', () => {
  const leastOf = (median: number, low: number) => usualLeast({ kind: 'processed' }, { median, low });
  expect(leastOf(1000, 800)).toBe(200);
  expect(leastOf(1000, 499)).toBeUndefined();
  expect(leastOf(199, 199)).toBeUndefined();
});

/** Six weeks as the store has them: tens of a night, and hours of before. */
function samplesOf(world: World): {
  readonly tens: readonly HistorySample[];
  readonly hours: readonly HistorySample[];
} {
  const tens: HistorySample[] = [];
  for (let atMs = world.fromMs; atMs < world.toMs; atMs += TEN_MS) {
    const looks = [0, 5 * MINUTE_MS].map((offsetMs) => {
      const before = world.snapshotAt(atMs + offsetMs - MINUTE_MS);
      return lookSample(world.snapshotAt(atMs + offsetMs), [], countersOf(before));
    });
    const ten = mergeSamples(looks, 'ten minutes');
    // Two of the ten minutes stand for all.
    if (ten !== undefined) tens.push({ ...ten, minutes: 10, processed: 5 * ten.processed });
  }
  const within = Map.groupBy(tens, ({ atMs }) => Math.floor(atMs / HOUR_MS));
  const hours = [...within.values()].flatMap((each) => mergeSamples(each, 'hour') ?? []);
  return { tens, hours: learnable(hours, [world.incident]) };
}

test.each([1, 2, 7, 17, 21])(
  'in six made-up weeks no quiet night lacks anything, and each without its window does (world %i)',
  (seed) => {
    const world = aWorld(seed);
    const { calendar, incident } = world;
    const { tens, hours } = samplesOf(world);
    const said: string[] = [];
    let missed = 0;
    for (let days = 1; days < 41; days += 1) {
      const range = nightRange(daysBefore(world.toMs + 8 * HOUR_MS, days, calendar.timezone), calendar);
      const known = hours.filter(({ atMs }) => atMs < range.fromMs);
      const starts = hoursOf(range);
      const usualOf = usualIn({
        hours: starts.map((fromMs) => ({ fromMs, sameHour: sameHour(fromMs, calendar, known) })),
      });
      const samples = tens.filter(({ atMs }) => atMs >= range.fromMs && atMs < range.toMs);
      for (const { kind, fromMs, untilMs } of lacksOf(samples, starts, usualOf)) {
        const isIncident = fromMs < incident.toMs && untilMs > incident.fromMs;
        if (!isIncident) said.push(`${kind} ${new Date(fromMs).toISOString()}`);
      }
      const without = samples.map((sample) => ({ ...sample, waiting: { size: 3, mostSize: 5 } }));
      // From the fourth week on each weekday has been seen three times.
      if (days < 20 && lacksOf(without, starts, usualOf).length === 0) missed += 1;
    }
    expect(said).toEqual([]);
    expect(missed).toBeLessThanOrEqual(1);
  },
);
