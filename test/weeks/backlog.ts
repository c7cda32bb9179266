import { localTime } from '../../src/core/history/calendar.ts';
import { MINUTE_MS } from '../snapshots.ts';
import type { Shape } from './shape.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEKLY_MINUTES = 50;

/** How many jobs wait at a moment, and how long the next of them has. */
export function backlogAt(
  shape: Shape,
  atMs: number,
): { readonly waiting: number; readonly latencyMs: number } {
  const { fromMs, fixedMs, toMs, mostJobs } = shape.incident;
  const usual = usualAt(shape, atMs);
  if (atMs < fromMs || atMs >= toMs) return { waiting: usual, latencyMs: shape.msPerJob * usual };
  if (atMs < fixedMs) {
    const share = (atMs - fromMs) / (fixedMs - fromMs);
    return { waiting: usual + Math.round(share * mostJobs), latencyMs: atMs - fromMs };
  }
  const left = (toMs - atMs) / (toMs - fixedMs);
  return { waiting: usual + Math.round(left * mostJobs), latencyMs: left * (fixedMs - fromMs) };
}

function usualAt(shape: Shape, atMs: number): number {
  const { calendar, fromMs, growthPerWeek, weekdays, noonJobs, idleJobs } = shape;
  const { weekday, minuteOfDay, date } = localTime(atMs, calendar.timezone);
  const growth = growthPerWeek ** ((atMs - fromMs) / (7 * DAY_MS));
  const ofWeekday = calendar.holidays.includes(date) ? 0.2 : (weekdays[weekday] ?? 1);
  const hour = minuteOfDay / 60;
  const office = hour >= 7 && hour < 19 ? Math.sin(((hour - 7) / 12) * Math.PI) : 0;
  const planned = maintenanceAt(shape, atMs, weekday, minuteOfDay) + weeklyAt(shape, weekday, minuteOfDay);
  const level = idleJobs + noonJobs * ofWeekday * office + planned;
  return Math.round(growth * level * rough(shape, atMs)) + burstAt(shape, atMs);
}

/** It begins some minutes early or late, and lasts longer on one day of the week. */
function maintenanceAt(
  { maintenance, noise, fromMs }: Shape,
  atMs: number,
  weekday: number,
  minuteOfDay: number,
): number {
  const day = Math.floor((atMs - fromMs) / DAY_MS);
  const isLong = weekday === maintenance.longOn;
  const begins = maintenance.beginsMinute + 16 * (noise(day, 'begins') - 0.5);
  const minutes =
    (isLong ? maintenance.longMinutes : maintenance.minutes) * (0.9 + 0.2 * noise(day, 'lasts'));
  const most = maintenance.mostJobs * (isLong ? 2 : 1) * (0.85 + 0.3 * noise(day, 'most'));
  return waveOf((minuteOfDay - begins) / minutes) * most;
}

function weeklyAt({ weekly }: Shape, weekday: number, minuteOfDay: number): number {
  return weekday === weekly.weekday
    ? waveOf((minuteOfDay - weekly.beginsMinute) / WEEKLY_MINUTES) * weekly.mostJobs
    : 0;
}

/** Up within a tenth of it, down over the last third. */
function waveOf(into: number): number {
  return into < 0 || into > 1 ? 0 : Math.min(1, into * 10, (1 - into) * 3);
}

/** Now and then somebody imports something: worked off within minutes. */
function burstAt({ bursts, noise }: Shape, atMs: number): number {
  const slots = atMs / (4 * MINUTE_MS);
  const slot = Math.floor(slots);
  const isBurst = noise(slot, 'burst') < bursts.share;
  return isBurst ? Math.round(bursts.mostJobs * noise(slot, 'size') * (1 - (slots - slot))) : 0;
}

function rough({ noise, roughness }: Shape, atMs: number): number {
  const minute = Math.floor(atMs / MINUTE_MS);
  return Math.exp(roughness * (noise(minute, 'a') + noise(minute, 'b') + noise(minute, 'c') - 1.5));
}
