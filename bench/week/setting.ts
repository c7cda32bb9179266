import { ACME_PAYROLL, type World, type WorldChannel, type WorldPerson } from '../../src/sandbox/world.ts';
import type { Sidekiq } from './fleets.ts';

/** Who plays, and what the bots are told: days of a few minutes, proposals that expire soon, nights that begin all the time. */
export const CHANNELS = { people: 'C0PAYROLL', alerts: 'C0ALERTS', reports: 'C0REPORTS', audit: 'C0AUDIT' };

/** What a person of the week may do, and so what they try. */
export type Part = {
  readonly id: string;
  readonly name: string;
  readonly does: 'proposes' | 'approves' | 'both' | 'looks' | 'is refused';
};

export const CAST: readonly Part[] = [
  { id: 'U0ANN', name: 'Ann', does: 'proposes' },
  { id: 'U0BEN', name: 'Ben', does: 'both' },
  { id: 'U0CLEO', name: 'Cleo', does: 'approves' },
  { id: 'U0LEA', name: 'Lea', does: 'approves' },
  { id: 'U0DANA', name: 'Dana', does: 'looks' },
  { id: 'U0GUS', name: 'Gus', does: 'is refused' },
  { id: 'U0OLGA', name: 'Olga', does: 'is refused' },
  { id: 'U0ROBO', name: 'Robo', does: 'is refused' },
];

const ACME = ACME_PAYROLL.team.id;
const MORE: readonly WorldPerson[] = [
  { id: 'U0LEA', name: 'Lea', title: 'Lead', note: 'may approve', teamId: ACME },
  { id: 'U0ROBO', name: 'Robo', title: 'Another bot', note: 'a bot', teamId: ACME, isBot: true },
];

export function weekWorld(): World {
  const everybody = CAST.map(({ id }) => id);
  const reports: WorldChannel = {
    id: CHANNELS.reports,
    name: 'payroll-mornings',
    topic: 'The morning post',
    kind: 'public',
    isExternal: false,
    hasBot: true,
    members: everybody,
  };
  const channels = ACME_PAYROLL.channels.map((channel) =>
    channel.isExternal ? channel : { ...channel, members: everybody },
  );
  return {
    ...ACME_PAYROLL,
    people: [...ACME_PAYROLL.people, ...MORE],
    channels: [...channels, reports],
    groups: {
      S0ONCALL: CAST.filter(({ does }) => does === 'proposes' || does === 'both').map(({ id }) => id),
      S0LEADS: [
        ...CAST.filter(({ does }) => does === 'approves' || does === 'both').map(({ id }) => id),
        'U0GUS',
      ],
    },
  };
}

/** The settings file; `dayMinutes` is how long a day of this week takes. */
export function weekSettings(sidekiqs: readonly Sidekiq[], dayMinutes: number): object {
  return {
    sidekiqs: Object.fromEntries(
      sidekiqs.map(({ name, line }) => [
        name,
        {
          redis: `redis://127.0.0.1:${line.port}/0`,
          poll: '1s',
          queues: { payroll: { latency_target: '30s' } },
          classes: {
            'Recurring::DisasterJob': { recurring: true, owner: '@payroll-platform' },
            PayrollRunJob: { protect: true },
          },
        },
      ]),
    ),
    approvals: {
      requesters: ['S0ONCALL'],
      approvers: ['S0LEADS'],
      expires: '90s',
      execute_within: '60s',
      confirm_from: 2000,
    },
    reports: sidekiqs.map(({ name }) => ({
      sidekiq: name,
      channel: CHANNELS.reports,
      cron: `*/${dayMinutes} * * * *`,
      timezone: 'UTC',
    })),
    alerts: { channel: CHANNELS.alerts, remind_after: '10m' },
    audit: { channel: CHANNELS.audit },
    archive: { keep: '1d' },
  };
}
