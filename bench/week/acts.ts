import type { Proposal } from '../../src/core/approval/proposal.ts';
import type { Random } from '../../src/sandbox/fleet/random.ts';
import type { Sidekiq } from './fleets.ts';
import type { Part } from './setting.ts';

/** What people may type, by chance; every command and every option is among it. */
export type Known = {
  readonly sidekiqs: readonly Sidekiq[];
  /** The newest first. */
  readonly proposals: readonly Proposal[];
};

const REASONS = ['it kills the workers', 'the customer asked', 'we tried it before', 'night shift says so'];

/** A line that this person would type now. */
export function chooseLine({ does }: Part, { sidekiqs, proposals }: Known, random: Random): string {
  const sidekiq = random.pick(sidekiqs as [Sidekiq, ...Sidekiq[]]);
  const on = `on ${sidekiq.name}`;
  const jobClass = random.pick(sidekiq.classes as [string, ...string[]]);
  const queue = random.pick(['payroll', 'bulk', 'maintenance', 'reports']);
  const host = random.pick(sidekiq.hosts as [string, ...string[]]);
  const reason = `--reason ${random.pick(REASONS as [string, ...string[]])}`;
  const idOf = (...actions: readonly string[]): string => {
    const some = proposals.filter(({ plan }) => actions.includes(plan.action)).slice(0, 12);
    return some[random.integer(Math.max(1, some.length))]?.id ?? 'abcd2345';
  };
  const looks = [
    'health',
    `health ${on}`,
    `backlog ${on}`,
    `backlog ${queue} ${on}`,
    `suspects ${on}`,
    `suspects 1h ${on}`,
    `suspects --why ${jobClass} ${on}`,
    `purge ${jobClass} --plan ${on}`,
    `migrate ${on}`,
    `migrate rescued ${idOf('rescue')} ${on}`,
    'actions',
    `actions ${idOf('purge', 'restore', 'rescue', 'quiet', 'writeoff')}`,
    'audit',
    `report ${on}`,
    'help',
    'helth',
  ] as const;
  const bulk = sidekiq.name === 'real' ? 'EmployeeSyncJob' : 'NightlyBulkJob';
  const wishes = [
    `purge ${bulk} ${on} ${reason}`,
    `purge ${bulk} --queue bulk ${on} ${reason}`,
    `purge ${bulk} --release-locks ${on} ${reason}`,
    `purge Recurring::DisasterJob ${on} ${reason}`,
    `purge Recurring::DisasterJob ${on} ${reason}`,
    `purge ReportExportJob ${on} ${reason}`,
    `purge ${jobClass} --queue ${queue} ${on} ${reason}`,
    `purge ${on}`,
    `purge --longer ${idOf('purge')} ${on} ${reason}`,
    `restore ${idOf('purge')} --percent ${1 + random.integer(100)} ${reason}`,
    `restore ${idOf('purge', 'rescue', 'undo-rescue')} --despite-crashes ${reason}`,
    `restore ${idOf('purge')} --percent 10 ${reason}`,
    `writeoff ${idOf('purge')} ${reason}`,
    `migrate rescue ${on} ${reason}`,
    `migrate rescue --with-old ${on} ${reason}`,
    `migrate rescue --archive-suspects --with-old ${on} ${reason}`,
    `migrate rescue ${on}`,
    `migrate undo ${idOf('rescue')} ${on} ${reason}`,
    `migrate quiet ${on} ${reason}`,
    `quiet ${host} ${on} ${reason}`,
    `quiet ${host} ${on}`,
  ] as const;
  const share = does === 'proposes' || does === 'both' ? 0.8 : 0.1;
  return `/sidekiq ${random.next() < share ? random.pick(wishes) : random.pick(looks)}`;
}

/** How gladly a button is pressed; what is not named here is pressed now and then. */
export function likingOf(label: string, { does }: Part): number {
  switch (label) {
    case 'Approve':
      return does === 'approves' || does === 'both' ? 12 : 2;
    case 'Deny':
    case 'Cancel':
      return 0.7;
    case 'Stop':
      return 1;
    case 'Restore 1 %':
    case 'Restore 10 %':
    case 'Restore the rest':
    case 'Rescue stranded jobs':
      return does === 'proposes' || does === 'both' ? 4 : 1;
    default:
      return 1;
  }
}
