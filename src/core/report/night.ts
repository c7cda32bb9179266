import type { Mute } from '../alerts/message.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { ArchiveAccount } from '../archive/archive.ts';
import type { ExpiredDebt } from '../archive/expired.ts';
import type { AuditHead } from '../audit/record.ts';
import type { Health } from '../health/assess.ts';
import { type Calendar, DAY_MS, daysBefore, localTime } from '../history/calendar.ts';
import type { Figure } from '../history/figure.ts';
import type { Incident } from '../history/incident.ts';
import type { SameHour } from '../history/same-hour.ts';
import type { HistorySample, TimeRange } from '../history/sample.ts';
import { type Usual, usualAt } from '../history/usual.ts';
import type { Story } from '../migration/story.ts';
import type { SidekiqPolicy } from '../policy.ts';
import type { Account } from '../suspects/account.ts';

import type { ClassFigures, ClassMorning } from './class-figures.ts';

/** What is on record of one night of a sidekiq: all that the morning post is made of, but for how it is now. */
export type Night = {
  readonly calendar: Calendar;
  readonly range: TimeRange;
  /** Of ten minutes each, oldest first. */
  readonly samples: readonly HistorySample[];
  /** Of the same time of the day before, in no order and of any length: for what was done in all of it. */
  readonly before: readonly HistorySample[];
  /** The past of each hour of the night, in order. */
  readonly hours: readonly NightHour[];
  readonly incidents: readonly Incident[];
  /** How the classes behaved on earlier mornings. */
  readonly mornings: readonly ClassMorning[];
  readonly open: readonly Proposal[];
  readonly mutes: readonly { readonly key: string; readonly mute: Mute }[];
  /** Archived jobs that somebody has to decide about, the oldest first. */
  readonly debts: readonly ArchiveAccount[];
  /** Those that expired lately. */
  readonly expired: readonly ExpiredDebt[];
  /** The move to super_fetch, if one was ever begun. */
  readonly migration: Story | undefined;
  readonly head: AuditHead;
};

type NightHour = { readonly fromMs: number; readonly sameHour: SameHour };

/** How it is now, with what the watcher has seen since the night began; or why nobody knows. */
export type Now =
  | { readonly health: Health; readonly account: Account; readonly classes: readonly ClassFigures[] }
  | { readonly unread: string };

export type Morning = {
  readonly policy: SidekiqPolicy;
  readonly night: Night;
  readonly now: Now;
  readonly nowMs: number;
  /** When the post was due, if that is long ago. */
  readonly lateSinceMs: number | undefined;
};

const HOUR_MS = 3_600_000;
const EVENING_MINUTE = 20 * 60;
/** Who asks in the evening means the night before. */
const LEAST_MS = 4 * HOUR_MS;

/** From eight in the evening on the wall clock until now, at least four hours and at most a day and four hours. */
export function nightRange(nowMs: number, { timezone }: Calendar): TimeRange {
  const { minuteOfDay } = localTime(nowMs, timezone);
  const eveningMs = nowMs - (minuteOfDay - EVENING_MINUTE) * 60_000;
  const wholeMs = eveningMs - (eveningMs % 60_000);
  const candidates = [wholeMs, daysBefore(wholeMs, 1, timezone), daysBefore(wholeMs, 2, timezone)];
  const fromMs = candidates.find((startMs) => nowMs - startMs >= LEAST_MS) ?? nowMs - DAY_MS;
  return { fromMs, toMs: nowMs };
}

/** The same time of the day before. */
export function nightBefore({ fromMs, toMs }: TimeRange, { timezone }: Calendar): TimeRange {
  return { fromMs: daysBefore(fromMs, 1, timezone), toMs: daysBefore(toMs, 1, timezone) };
}

/** Where each hour of the night begins. */
export function hoursOf({ fromMs, toMs }: TimeRange): readonly number[] {
  const hours = Math.max(1, Math.ceil((toMs - fromMs) / HOUR_MS));
  return Array.from({ length: hours }, (_, nth) => fromMs + nth * HOUR_MS);
}

/** What a figure usually is in the hour of the night that a time lies in. */
export type UsualOf = (figure: Figure, atMs: number) => Usual | undefined;

export function usualIn({ hours }: Pick<Night, 'hours'>): UsualOf {
  return (figure, atMs) => {
    const hour = hours.findLast(({ fromMs }) => fromMs <= atMs) ?? hours[0];
    return hour && usualAt(figure, hour.sameHour);
  };
}

/** "05:40" on the wall clock. */
export function clockTime(atMs: number, { timezone }: Calendar): string {
  const { minuteOfDay } = localTime(atMs, timezone);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
