import { startEvidence } from '../../../src/core/attribution/evidence.ts';
import { EMPTY_HEAD } from '../../../src/core/audit/record.ts';
import { assess } from '../../../src/core/health/assess.ts';
import { daysBefore } from '../../../src/core/history/calendar.ts';
import { sameHour } from '../../../src/core/history/same-hour.ts';
import type { HistorySample } from '../../../src/core/history/sample.ts';
import { hoursOf, type Morning, nightBefore, nightRange } from '../../../src/core/report/night.ts';
import { accountOf } from '../../../src/core/suspects/account.ts';
import { aPolicy, aQueue, aSnapshot } from '../../snapshots.ts';
import { sampleAt } from '../history/samples.ts';

/** Mornings in Denver after five weeks of nights that were all alike. */
export const CALENDAR = { timezone: 'America/Denver', holidays: [] };
/** Nine in the morning of a Wednesday in Denver. */
export const NOW_MS = Date.parse('2026-11-25T16:00:00Z');
const TEN_MIN_MS = 600_000;

type Wave = { readonly most: number; readonly fromHour: number; readonly untilHour: number };
export const USUAL_WAVE: Wave = { most: 3000, fromHour: 1, untilHour: 4 };

/** A night of ten minutes each: forty jobs wait, and in the maintenance window many more. */
export function nightOf(
  nowMs: number,
  wave: Wave,
  over: Partial<HistorySample> = {},
): readonly HistorySample[] {
  const { fromMs, toMs } = nightRange(nowMs, CALENDAR);
  const midnightMs = Date.parse(new Date(nowMs).toISOString().slice(0, 10)) + 7 * 3_600_000;
  return Array.from({ length: Math.floor((toMs - fromMs) / TEN_MIN_MS) }, (_, nth) => {
    const atMs = fromMs + nth * TEN_MIN_MS;
    const hour = (atMs - midnightMs) / 3_600_000;
    const size = hour >= wave.fromHour && hour < wave.untilHour ? wave.most : 40;
    return sampleAt(atMs, {
      resolution: 'ten minutes',
      minutes: 10,
      processed: 600,
      waiting: { size, mostSize: size },
      queues: new Map([['default', { size, mostSize: size, latencyMs: size * 10 }]]),
      ...over,
    });
  });
}

export const PAST = Array.from({ length: 35 }, (_, day) =>
  nightOf(daysBefore(NOW_MS, day + 1, CALENDAR.timezone), USUAL_WAVE),
).flat();

export function morningOf(
  wave: Wave,
  over: Partial<Morning> & { readonly past?: readonly HistorySample[] } = {},
): Morning {
  const range = nightRange(NOW_MS, CALENDAR);
  const { past = PAST, ...rest } = over;
  const waiting = wave.untilHour >= 9 ? wave.most : 40;
  const queues = [aQueue('default', { size: waiting, latencyMs: 1000 })];
  return {
    policy: aPolicy(),
    night: {
      calendar: CALENDAR,
      range,
      samples: nightOf(NOW_MS, wave),
      before: past.filter(({ atMs }) => {
        const { fromMs, toMs } = nightBefore(range, CALENDAR);
        return atMs >= fromMs && atMs < toMs;
      }),
      hours: hoursOf(range).map((fromMs) => ({ fromMs, sameHour: sameHour(fromMs, CALENDAR, past) })),
      incidents: [],
      mornings: [],
      open: [],
      mutes: [],
      debts: [],
      expired: [],
      migration: undefined,
      head: EMPTY_HEAD,
    },
    now: {
      health: assess(aSnapshot({ takenAtMs: NOW_MS, queues }), [], aPolicy()),
      account: accountOf(startEvidence()),
      classes: [],
    },
    nowMs: NOW_MS,
    lateSinceMs: undefined,
    ...rest,
  };
}

export const quietMorning = (): Morning => morningOf(USUAL_WAVE);

/** More of everything than a message takes: 200 queues, names of 150 characters, 50 incidents, 50 mutes. */
export function crowdedMorning(): Morning {
  const name = (nth: number) => `${'Very::LongModule<&>'.repeat(8)}`.slice(0, 146) + nth;
  const queues = new Map(
    Array.from({ length: 200 }, (_, nth) => [
      name(nth),
      { size: 5000 + nth, mostSize: 9000 + nth, latencyMs: 1e7 },
    ]),
  );
  const calm = new Map(
    Array.from({ length: 200 }, (_, nth) => [name(nth), { size: 1, mostSize: 1, latencyMs: 0 }]),
  );
  const past = PAST.map((sample) => ({ ...sample, queues: calm }));
  const morning = morningOf({ most: 1_000_000, fromHour: 1, untilHour: 24 }, { past });
  const night = {
    ...morning.night,
    samples: morning.night.samples.map((sample) => ({
      ...sample,
      queues,
      busyByClass: new Map([...queues.keys()].map((queue) => [queue, 3])),
    })),
    before: morning.night.before.map((sample) => ({ ...sample, busyByClass: new Map([['X', 1]]) })),
    incidents: Array.from({ length: 50 }, (_, nth) => ({
      sidekiq: 'payroll',
      id: `i${nth}`,
      sinceMs: NOW_MS - 3_600_000,
      untilMs: nth % 2 === 0 ? undefined : NOW_MS,
      bendsFigures: true,
      body: JSON.stringify({
        key: 'stranded jobs',
        phase: nth % 2 === 0 ? 'open' : 'closed',
        trouble: { kind: 'stranded jobs', jobs: 5, lists: 1, mostJobs: nth },
        sinceMs: 1,
        phaseAtMs: 2,
      }),
    })),
    mutes: Array.from({ length: 50 }, (_, nth) => ({
      key: `likely class ${name(nth)}`,
      mute: { untilMs: NOW_MS, by: 'U0ANN' },
    })),
  };
  return { ...morning, night };
}
