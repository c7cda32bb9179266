import type { Calendar } from '../core/history/calendar.ts';
import type { Now } from '../core/report/night.ts';
import { type Report, reportOf } from '../core/report/report.ts';
import { RedisUnavailable } from '../ports.ts';
import type { ObservedSidekiq } from './command.ts';
import { healthOf } from './health.ts';
import { type NightStore, readNight } from './night.ts';

/** Hands out a store to read in, for as long as the reading takes. */
export type Reading = <T>(read: (store: NightStore) => Promise<T>) => Promise<T>;

/** The night that ends now, and how it is now. @throws {StoreError} */
export async function reportNow(
  sidekiq: ObservedSidekiq,
  reading: Reading,
  calendar: Calendar,
  nowMs: number,
  lateSinceMs?: number,
): Promise<Report> {
  const { policy } = sidekiq;
  const night = await reading((store) => readNight(policy.name, store, calendar, nowMs));
  const now = await lookAt(sidekiq, nowMs - night.range.fromMs);
  return reportOf({ policy, night, now, nowMs, lateSinceMs });
}

/** The night is told also when its morning can't be seen. */
async function lookAt(sidekiq: ObservedSidekiq, windowMs: number): Promise<Now> {
  try {
    const health = await healthOf(sidekiq);
    const { account } = await sidekiq.suspicion(windowMs);
    return { health, account };
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    return { unread: error.message };
  }
}
