import type { Calendar } from '../../src/core/history/calendar.ts';
import { MINUTE_MS } from '../snapshots.ts';
import { type Noise, noiseOf } from './noise.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;

/** What one made-up company is like: seed 1 is the payroll of the story, and with every other seed its figures are others. */
export type Shape = {
  readonly noise: Noise;
  readonly calendar: Calendar;
  readonly fromMs: number;
  readonly toMs: number;
  readonly growthPerWeek: number;
  /** How much waits at noon, and when nothing is going on. */
  readonly noonJobs: number;
  readonly idleJobs: number;
  /** From Sunday on. */
  readonly weekdays: readonly number[];
  readonly maintenance: {
    readonly beginsMinute: number;
    readonly minutes: number;
    readonly mostJobs: number;
    /** On this weekday it lasts longer and is twice as much. */
    readonly longOn: number;
    readonly longMinutes: number;
  };
  /** Once a week somebody has a great deal calculated, in an evening. */
  readonly weekly: { readonly weekday: number; readonly beginsMinute: number; readonly mostJobs: number };
  /** Which share of all four minutes has one, and how big it is at most. */
  readonly bursts: { readonly share: number; readonly mostJobs: number };
  /** 0.5: three in four minutes are within a fifth of what the hour brings. */
  readonly roughness: number;
  /** How long the next job waits for each that waits. */
  readonly msPerJob: number;
  /** In one hour of each night so many of the jobs fail; of all others one in a hundred. */
  readonly flaky: { readonly hour: number; readonly share: number };
  readonly deployMinute: number;
  /** In it a class kills the workers, until it is purged; then the backlog drains. */
  readonly incident: {
    readonly fromMs: number;
    readonly fixedMs: number;
    readonly toMs: number;
    readonly mostJobs: number;
  };
};

/** A Monday, at midnight in Denver; the clocks there change on 1 November. */
const FROM_MS = Date.parse('2026-10-19T06:00:00Z');
/** Thursday of the sixth week, a holiday, in the middle of the maintenance window. */
const INCIDENT_MS = Date.parse('2026-11-26T09:10:00Z');

export function aShape(seed: number): Shape {
  const noise = noiseOf(seed);
  const isStory = seed === 1;
  const between = (name: string, story: number, least: number, most: number): number =>
    isStory ? story : least + (most - least) * noise(0, name);
  const whole = (...range: Parameters<typeof between>): number => Math.floor(between(...range));
  const incidentMs = INCIDENT_MS - (isStory ? 0 : whole('incident', 0, 0, 72) * 60 * MINUTE_MS);
  const fixedMs = incidentMs + whole('fixed', 70, 25, 120) * MINUTE_MS;
  return {
    noise,
    calendar: { timezone: 'America/Denver', holidays: ['2026-11-26'] },
    fromMs: FROM_MS,
    toMs: FROM_MS + 6 * WEEK_MS + 60 * MINUTE_MS,
    growthPerWeek: between('growth', 1.03, 0.97, 1.08),
    noonJobs: between('noon', 40, 10, 400),
    idleJobs: between('idle', 5, 0, 30),
    weekdays: isStory
      ? [0.15, 1.3, 1, 1, 1.05, 0.8, 0.2]
      : [0, 1, 2, 3, 4, 5, 6].map((day) => (day % 6 === 0 ? 0.4 : 1.2) * noise(day, 'weekday') + 0.1),
    maintenance: {
      beginsMinute: whole('begins', 60, 0, 240),
      minutes: whole('minutes', 150, 60, 240),
      mostJobs: between('maintenance', 3000, 500, 20_000),
      longOn: whole('long', 0, 0, 7),
      longMinutes: whole('longer', 210, 120, 320),
    },
    weekly: {
      weekday: whole('weekly on', 3, 1, 6),
      beginsMinute: whole('weekly at', 18 * 60, 9 * 60, 21 * 60),
      mostJobs: between('weekly', 0, 0, 4000),
    },
    bursts: { share: between('bursts', 0.004, 0, 0.01), mostJobs: between('burst', 700, 100, 1500) },
    roughness: between('rough', 0.5, 0.2, 0.8),
    msPerJob: between('pace', 10, 5, 100),
    flaky: { hour: whole('flaky', 4, 0, 24), share: between('flakiness', 0.01, 0.01, 0.2) },
    deployMinute: whole('deploy', 15 * 60, 8 * 60, 20 * 60),
    incident: {
      fromMs: incidentMs,
      fixedMs,
      toMs: fixedMs + whole('drain', 40, 15, 60) * MINUTE_MS,
      mostJobs: whole('flood', 312_400, 60_000, 500_000),
    },
  };
}
