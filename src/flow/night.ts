import { heldMutes, thawMutes } from '../core/alerts/mutes.ts';
import type { Keeping } from '../core/archive/archive.ts';
import { stillTold, thawExpired } from '../core/archive/expired.ts';
import type { Calendar } from '../core/history/calendar.ts';
import { type HistorySample, inHours, type TimeRange } from '../core/history/sample.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Chart } from '../core/reply/reply.ts';
import { nightChart } from '../core/report/chart.ts';
import { thawMornings } from '../core/report/class-figures.ts';
import { hoursOf, type Night, nightBefore, nightRange } from '../core/report/night.ts';
import type { ArchiveReader, RescueReader } from '../ports/archive.ts';
import type { Announcements, HistoryReader } from '../ports/memory.ts';
import type { AuditReader, ProposalReader } from '../ports/store.ts';
import { mutesId } from './alert.ts';
import { readDebts } from './debts.ts';
import { expiredId } from './expire-archives.ts';
import { migrationId, thawMigration } from './migration-note.ts';
import { Past } from './past.ts';

/** Where the mornings of a sidekiq are kept among the announcements. */
export const morningsId = (sidekiq: string): string => `mornings/${sidekiq}`;

/** Open proposals are few: one for each class and place at most. */
const PROPOSALS = 100;

export type NightStore = HistoryReader &
  ProposalReader &
  AuditReader &
  Announcements &
  ArchiveReader &
  RescueReader;

export type NightSettings = {
  readonly calendar: Calendar;
  /** Debts tell when they expire. */
  readonly keeping: Keeping;
};

/** What the store knows of the night that ends now. @throws {StoreError} */
export async function readNight(
  policy: SidekiqPolicy,
  store: NightStore,
  { calendar, keeping }: NightSettings,
  nowMs: number,
): Promise<Night> {
  const sidekiq = policy.name;
  const range = nightRange(nowMs, calendar);
  const past = new Past(sidekiq, store, calendar);
  const [samples, before, hours, incidents, mornings, proposals, mutes, debts, expired, migration, head] =
    await Promise.all([
      store.samples(sidekiq, 'ten minutes', [range]),
      samplesInHours(sidekiq, store, nightBefore(range, calendar)),
      hoursIn(range, past),
      store.incidents(sidekiq, range),
      store.announcement(morningsId(sidekiq)).then((note) => thawMornings(note?.state)),
      store.proposals({ isOpen: true, limit: PROPOSALS }),
      store.announcement(mutesId(sidekiq)).then((note) => thawMutes(note?.state)),
      readDebts(store, [policy], keeping),
      store.announcement(expiredId(sidekiq)).then((note) => thawExpired(note?.state)),
      store.announcement(migrationId(sidekiq)).then((note) => thawMigration(note?.state)?.story),
      store.auditHead(),
    ]);
  const open = proposals.filter(({ plan }) => plan.sidekiq === sidekiq);
  const held = heldMutes(mutes, nowMs);
  return {
    calendar,
    range,
    samples,
    before,
    hours,
    incidents,
    mornings,
    open,
    mutes: held,
    debts,
    expired: stillTold(expired, nowMs),
    migration,
    head,
  };
}

async function samplesInHours(
  sidekiq: string,
  store: HistoryReader,
  range: TimeRange,
): Promise<readonly HistorySample[]> {
  const { hours, ends } = inHours(range);
  const found = await Promise.all([
    store.samples(sidekiq, 'hour', hours),
    store.samples(sidekiq, 'ten minutes', ends),
  ]);
  return found.flat();
}

async function hoursIn(range: TimeRange, past: Past): Promise<Night['hours']> {
  const startsMs = hoursOf(range);
  const hours = await past.hours(startsMs);
  return hours.map((sameHour, nth) => ({ fromMs: startsMs[nth] ?? range.fromMs, sameHour }));
}

/** What waited in the night that ends now, hour by hour, for who only glances at it. @throws {StoreError} */
export async function chartOfNight(
  sidekiq: string,
  store: HistoryReader,
  calendar: Calendar,
  nowMs: number,
): Promise<Chart | undefined> {
  const range = nightRange(nowMs, calendar);
  const samples = await store.samples(sidekiq, 'hour', [range]);
  return nightChart(samples, { range, calendar }, () => undefined);
}
