import { type Calendar, localTime } from '../../src/core/history/calendar.ts';
import type { Process, Snapshot, Work } from '../../src/core/sidekiq/snapshot.ts';
import { aProcess, aQueue, aSnapshot, MINUTE_MS } from '../snapshots.ts';

/**
 * A made-up payroll for six weeks, told from the wall clock alone: a few dozen jobs by day, thousands in the nightly
 * maintenance window, a shape of the week, growth, bursts, deploys; and one night in which a class kills the workers. The
 * same moment is always the same, so what is seen can be compared with what was true.
 */
export const DENVER: Calendar = { timezone: 'America/Denver', holidays: ['2026-11-26'] };

/** A Monday, at midnight in Denver; the clocks there change on 1 November. */
export const WORLD_FROM_MS = Date.parse('2026-10-19T06:00:00Z');
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
export const WORLD_TO_MS = WORLD_FROM_MS + 6 * WEEK_MS + 60 * MINUTE_MS;

/** Thursday of the sixth week, in the middle of the maintenance window; and when the culprit is purged. */
const INCIDENT_FROM_MS = Date.parse('2026-11-26T09:10:00Z');
const INCIDENT_FIXED_MS = INCIDENT_FROM_MS + 70 * MINUTE_MS;
const DRAINED_MS = INCIDENT_FIXED_MS + 40 * MINUTE_MS;
export const INCIDENT = { fromMs: INCIDENT_FROM_MS, toMs: DRAINED_MS };
const MOST_WAITING = 312_400;

const GROWTH_PER_WEEK = 1.03;
const PROCESSES = 5;
const THREADS = 5;
const BYTES_OF_A_JOB = 2048;

/** Mondays are busy, Fridays calm, weekends nearly still. From Sunday on. */
const WEEKDAYS = [0.15, 1.3, 1, 1, 1.05, 0.8, 0.2];

export function worldAt(atMs: number): Snapshot {
  const { waiting, latencyMs } = backlogAt(atMs);
  const processes = processesAt(atMs);
  const minutes = (atMs - WORLD_FROM_MS) / MINUTE_MS;
  const lostMinutes = Math.max(0, Math.min(atMs, INCIDENT_FIXED_MS) - INCIDENT_FROM_MS) / MINUTE_MS;
  const processed = Math.round((minutes - lostMinutes) * 600);
  return aSnapshot({
    takenAtMs: atMs,
    queues: [
      aQueue('default', { size: waiting, latencyMs }),
      aQueue('mailers', { size: Math.floor(3 * noise(atMs, 'mailers')), latencyMs: 400 }),
      aQueue('within_5_minutes', { size: Math.floor(2 * noise(atMs, 'within')), latencyMs: 900 }),
    ],
    processes,
    works: worksAt(atMs, processes),
    counters: {
      processed,
      failed: Math.round(processed * 0.01),
      processedToday: 0,
      failedToday: 0,
    },
    redis: {
      ...aSnapshot().redis,
      usedMemoryBytes: 200 * 2 ** 20 + waiting * BYTES_OF_A_JOB,
    },
  });
}

function backlogAt(atMs: number): { readonly waiting: number; readonly latencyMs: number } {
  const usual = usualAt(atMs);
  if (atMs < INCIDENT_FROM_MS || atMs >= DRAINED_MS) return { waiting: usual, latencyMs: 10 * usual };
  if (atMs < INCIDENT_FIXED_MS) {
    const share = (atMs - INCIDENT_FROM_MS) / (INCIDENT_FIXED_MS - INCIDENT_FROM_MS);
    return { waiting: usual + Math.round(share * MOST_WAITING), latencyMs: atMs - INCIDENT_FROM_MS };
  }
  const left = (DRAINED_MS - atMs) / (DRAINED_MS - INCIDENT_FIXED_MS);
  return { waiting: usual + Math.round(left * MOST_WAITING), latencyMs: left * 70 * MINUTE_MS };
}

function usualAt(atMs: number): number {
  const { weekday, minuteOfDay, date } = localTime(atMs, DENVER.timezone);
  const growth = GROWTH_PER_WEEK ** ((atMs - WORLD_FROM_MS) / WEEK_MS);
  const isHoliday = DENVER.holidays.includes(date);
  const shape = isHoliday ? 0.2 : (WEEKDAYS[weekday] ?? 1);
  const hour = minuteOfDay / 60;
  const office = hour >= 7 && hour < 19 ? Math.sin(((hour - 7) / 12) * Math.PI) : 0;
  const day = 5 + 40 * shape * office;
  return Math.round(growth * (day + maintenanceAt(atMs, weekday, minuteOfDay)) * rough(atMs)) + burstAt(atMs);
}

/** From about one o'clock to half past three, an hour longer on Sundays; it begins some minutes early or late. */
function maintenanceAt(atMs: number, weekday: number, minuteOfDay: number): number {
  const day = Math.floor((atMs - WORLD_FROM_MS) / (24 * 60 * MINUTE_MS));
  const begins = 60 + 16 * (noise(day, 'begins') - 0.5);
  const lasts = (weekday === 0 ? 210 : 150) * (0.9 + 0.2 * noise(day, 'lasts'));
  const into = (minuteOfDay - begins) / lasts;
  if (into < 0 || into > 1) return 0;
  const most = (weekday === 0 ? 6000 : 3000) * (0.85 + 0.3 * noise(day, 'most'));
  // Up within a tenth of it, down over the last third.
  return most * Math.min(1, into * 10, (1 - into) * 3);
}

/** Now and then somebody imports something: gone after a few minutes. */
function burstAt(atMs: number): number {
  const slot = Math.floor(atMs / (4 * MINUTE_MS));
  return noise(slot, 'burst') < 0.004 ? Math.round(700 * noise(slot, 'size')) : 0;
}

/** Three in four minutes are within a fifth of what the hour brings. */
function rough(atMs: number): number {
  const minute = Math.floor(atMs / MINUTE_MS);
  return Math.exp(0.25 * (noise(minute, 'a') + noise(minute, 'b') + noise(minute, 'c') - 1.5) * 2);
}

/** A deploy every afternoon replaces all; in the incident each lives a minute and a half and is killed. */
function processesAt(atMs: number): readonly Process[] {
  if (atMs >= INCIDENT_FROM_MS && atMs < INCIDENT_FIXED_MS + 3 * MINUTE_MS) return dyingProcesses(atMs);
  const { date, minuteOfDay } = localTime(atMs, DENVER.timezone);
  const isNew = atMs >= DRAINED_MS || minuteOfDay >= 15 * 60;
  const release = `${date.replaceAll('-', '')}${isNew ? 'b' : 'a'}`;
  const generation = atMs >= INCIDENT_FIXED_MS && !isNew ? `${release}fixed` : release;
  return Array.from({ length: PROCESSES }, (_, slot) => alive(`w${slot}:1:${generation}`, atMs, atMs - 3000));
}

const LIFE_MS = 90_000;
const TURN_MS = 110_000;
const DEAD_SHOWN_MS = 180_000;

function dyingProcesses(atMs: number): readonly Process[] {
  return Array.from({ length: PROCESSES }, (_, slot) => slot).flatMap((slot) => {
    const firstMs = INCIDENT_FROM_MS - LIFE_MS + slot * 17_000;
    const turns = Math.ceil((atMs - firstMs) / TURN_MS);
    return [turns - 3, turns - 2, turns - 1].flatMap((turn): Process[] => {
      const startedAtMs = firstMs + turn * TURN_MS;
      if (turn < 0 || startedAtMs > Math.min(atMs, INCIDENT_FIXED_MS)) return [];
      const identity = `w${slot}:1:turn${turn}`;
      const lastBeatMs = startedAtMs + Math.floor((LIFE_MS - 1) / 10_000) * 10_000;
      const silentMs = atMs - lastBeatMs;
      if (atMs < startedAtMs + LIFE_MS)
        return [alive(identity, atMs, Math.min(lastBeatMs, atMs - 2000), startedAtMs)];
      if (silentMs > DEAD_SHOWN_MS) return [];
      const isDead = silentMs >= 60_000;
      return [
        aProcess(identity, {
          state: isDead ? 'dead' : silentMs >= 25_000 ? 'silent' : 'alive',
          startedAtMs: isDead ? undefined : startedAtMs,
          beatAtMs: isDead ? undefined : lastBeatMs,
          concurrency: isDead ? undefined : THREADS,
          busy: isDead ? 0 : THREADS,
        }),
      ];
    });
  });
}

function alive(identity: string, atMs: number, beatAtMs: number, startedAtMs = atMs - 3_600_000): Process {
  const isIncident = atMs >= INCIDENT_FROM_MS && atMs < INCIDENT_FIXED_MS;
  return aProcess(identity, {
    startedAtMs,
    beatAtMs,
    concurrency: THREADS,
    busy: isIncident ? THREADS : 2,
    queues: ['default', 'mailers', 'within_5_minutes'],
  });
}

function worksAt(atMs: number, processes: readonly Process[]): readonly Work[] {
  const isIncident = atMs >= INCIDENT_FROM_MS && atMs < INCIDENT_FIXED_MS + 3 * MINUTE_MS;
  return processes
    .filter(({ state }) => state !== 'dead')
    .flatMap(({ identity, busy, startedAtMs }) =>
      Array.from({ length: busy }, (_, thread) => ({
        identity,
        threadId: `t${thread}`,
        queue: 'default',
        jobClass: isIncident ? (thread === 0 ? 'SyncJob' : 'Recurring::DisasterJob') : 'SyncJob',
        jid: `${identity}-${thread}-${Math.floor(atMs / MINUTE_MS)}`,
        runAtMs: startedAtMs,
      })),
    );
}

/** Between 0 and 1, and the same for the same words. */
function noise(number: number, salt: string): number {
  let hash = 2_166_136_261;
  for (const char of `${number}${salt}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
