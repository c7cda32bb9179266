import type { TerminalConfig } from '../config.ts';
import type { Calendar } from '../core/history/calendar.ts';

/** A sidekiq lives by the clock of its first morning post, in its alerts and answers too; by the calendar's where it has none. */
export function calendarsIn({ reports, calendar }: TerminalConfig): (sidekiq: string) => Calendar {
  return (sidekiq) => {
    const timezone = reports.find((report) => report.sidekiq === sidekiq)?.timezone;
    return timezone === undefined ? calendar : { ...calendar, timezone };
  };
}

/** Where those who run the bot hear of the bot itself; the first that takes it is enough. */
export function botChannelsOf(config: TerminalConfig): readonly string[] {
  const alerts = config.sidekiqs.map(({ alertsChannel }) => alertsChannel);
  return [...new Set([config.auditChannel, ...alerts])].filter((channel) => channel !== undefined);
}

/** Where those who run the bot hear of a post or an alert that did not reach its channel; the first that takes it is enough. */
export function operatorsChannelsOf(config: TerminalConfig, sidekiq: string): readonly string[] {
  const named = config.sidekiqs.find(({ policy }) => policy.name === sidekiq);
  return [named?.alertsChannel, config.auditChannel].filter((channel) => channel !== undefined);
}
