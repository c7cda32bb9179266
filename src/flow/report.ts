import type { Keeping } from '../core/archive/archive.ts';
import type { Calendar } from '../core/history/calendar.ts';
import { keepMorning } from '../core/report/class-figures.ts';
import { postOf } from '../core/report/details.ts';
import type { Now } from '../core/report/night.ts';
import { type Report, reportOf } from '../core/report/report.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Announcements } from '../ports/memory.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import type { ObservedSidekiq } from './command.ts';
import { healthOf } from './health.ts';
import { morningsId, type NightSettings, type NightStore, readNight } from './night.ts';
import { notesOver } from './notes.ts';
import type { ReportingDesk } from './reporting.ts';

/** Hands out a store to read in, for as long as the reading takes. */
export type Reading = <T>(read: (store: NightStore) => Promise<T>) => Promise<T>;

/** The night that ends now, and how it is now. @throws {StoreError} */
export async function reportNow(
  sidekiq: ObservedSidekiq,
  reading: Reading,
  settings: NightSettings,
  nowMs: number,
  lateSinceMs?: number,
): Promise<Report> {
  const { policy } = sidekiq;
  const night = await reading((store) => readNight(policy, store, settings, nowMs));
  const now = await lookAt(sidekiq, nowMs - night.range.fromMs);
  return reportOf({ policy, night, now, nowMs, lateSinceMs });
}

/** The night is told also when its morning can't be seen. */
async function lookAt(sidekiq: ObservedSidekiq, windowMs: number): Promise<Now> {
  try {
    const health = await healthOf(sidekiq);
    const { account } = await sidekiq.suspicion(windowMs);
    return { health, account, classes: await sidekiq.classFigures(windowMs) };
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    return { unread: error.message };
  }
}

/** Makes morning posts, each from the night of its sidekiq that ends now. */
export function composing(
  sidekiqs: readonly ObservedSidekiq[],
  { store, calendarOf, keeping, clock, log }: ComposingDesk,
): ReportingDesk['compose'] {
  return async ({ sidekiq: name }, lateSinceMs) => {
    const sidekiq = sidekiqs.find(({ policy }) => policy.name === name);
    if (sidekiq === undefined) throw new Error(`a report is about ${name}, which is not observed`);
    const settings = { calendar: calendarOf(name), keeping };
    const report = await reportNow(sidekiq, (read) => read(store), settings, clock.nowMs(), lateSinceMs);
    await keepForTomorrow(report, store, log);
    return postOf(report);
  };
}

type ComposingDesk = {
  readonly store: NightStore;
  readonly calendarOf: (sidekiq: string) => Calendar;
  readonly keeping: Keeping;
  readonly clock: Clock;
  readonly log: Log;
};

/** So that the next morning can tell what has changed. That it can't be written takes nothing from this one. */
async function keepForTomorrow({ morning }: Report, store: Announcements, log: Log): Promise<void> {
  const { policy, night, now, nowMs } = morning;
  const state = 'classes' in now ? keepMorning(night.mornings, now.classes, nowMs) : undefined;
  if (state === undefined) return;
  try {
    await notesOver(store).save(morningsId(policy.name), state);
  } catch (err) {
    log.warn({ err, sidekiq: policy.name }, 'how the classes behaved could not be kept for tomorrow');
  }
}
