import { approvalRules } from './config/approval-rules.ts';
import type { Fault } from './config/fault.ts';
import { fileSettings } from './config/file.ts';
import type { FileSettings } from './config/file-schema.ts';
import type { Outside } from './config/outside-values.ts';
import { type ProcessSettings, processSettings } from './config/process-settings.ts';
import { Secret } from './config/secret.ts';
import { type SlackSettings, slackSettings } from './config/slack-settings.ts';
import type { Reminders } from './core/alerts/office-hours.ts';
import type { ApprovalRules } from './core/approval/rules.ts';
import type { Keeping } from './core/archive/archive.ts';
import type { Calendar } from './core/history/calendar.ts';
import type { SidekiqPolicy } from './core/policy.ts';

/** Everything that can be set, parsed once, before anything opens. */
export type Config = TerminalConfig & { readonly slack: SlackSettings };

/** What works without Slack: the terminal commands and the audit tools. */
export type TerminalConfig = ProcessSettings & {
  readonly sidekiqs: readonly SidekiqSettings[];
  readonly reports: FileSettings['reports'];
  readonly calendar: Calendar;
  readonly reminders: Reminders;
  readonly auditChannel: string | undefined;
  readonly archive: Keeping;
  /** How long hours and days of the past are kept; undefined: a year. */
  readonly historyKeepMs: number | undefined;
};

export type SidekiqSettings = {
  readonly policy: SidekiqPolicy;
  readonly redisUrl: Secret;
  readonly namespace: string;
  /** Before what a job class makes stricter. */
  readonly approvals: ApprovalRules;
  /** Where its alerts go; undefined: nowhere. */
  readonly alertsChannel: string | undefined;
  /** Where its containers run, if that may be asked. */
  readonly kubernetes:
    | { readonly namespace: string; readonly selector: string; readonly kubeconfig: string | undefined }
    | undefined;
};

export type Parsed<T> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** All faults of environment and file at once, or the settings of the bot. */
export function parseConfig(outside: Outside): Parsed<Config> {
  const faults: Fault[] = [];
  const slack = slackSettings(outside, faults);
  const rest = terminalConfig(outside, faults);
  if (faults.length > 0 || slack === undefined || rest === undefined) return { ok: false, faults };
  return { ok: true, config: Object.freeze({ ...rest, slack }) };
}

/** The same without Slack, for the day when Slack is down. */
export function parseTerminalConfig(outside: Outside): Parsed<TerminalConfig> {
  const faults: Fault[] = [];
  const config = terminalConfig(outside, faults);
  if (faults.length > 0 || config === undefined) return { ok: false, faults };
  return { ok: true, config: Object.freeze(config) };
}

function terminalConfig(outside: Outside, faults: Fault[]): TerminalConfig | undefined {
  const ofProcess = processSettings(outside, faults);
  const file = fileSettings(outside, faults);
  if (file === undefined) return undefined;
  return {
    ...ofProcess,
    sidekiqs: Object.entries(file.sidekiqs).map(([name, settings]) => sidekiqSettings(name, settings, file)),
    reports: file.reports,
    calendar: file.calendar,
    reminders: { afterMs: file.alerts.remind_after, officeHours: file.alerts.office_hours },
    auditChannel: file.audit?.channel,
    archive: { keepMs: file.archive.keep, expiresDebt: file.archive.expire_debt },
    historyKeepMs: file.history.keep,
  };
}

function sidekiqSettings(
  name: string,
  settings: FileSettings['sidekiqs'][string],
  forAll: FileSettings,
): SidekiqSettings {
  const queues = Object.entries(settings.queues).map(
    ([queue, policy]) => [queue, { latencyTargetMs: policy.latency_target }] as const,
  );
  const classes = Object.entries(settings.classes).map(
    ([jobClass, policy]) =>
      [
        jobClass,
        {
          isRecurring: policy.recurring,
          isProtected: policy.protect,
          required: policy.required,
          owner: policy.owner,
          note: policy.note,
        },
      ] as const,
  );
  return {
    policy: {
      name,
      channels: settings.channels,
      pollMs: settings.poll,
      queues: new Map(queues),
      classes: new Map(classes),
    },
    redisUrl: new Secret(settings.redis),
    namespace: settings.namespace,
    approvals: approvalRules(forAll.approvals, settings.approvals),
    alertsChannel: settings.alerts?.channel ?? forAll.alerts.channel,
    kubernetes: settings.kubernetes && {
      ...settings.kubernetes,
      kubeconfig: settings.kubernetes.kubeconfig,
    },
  };
}
