import { Cron } from 'croner';
import { z } from 'zod';
import { parseOfficeHours } from '../core/alerts/office-hours.ts';
import { parseDuration } from '../core/duration.ts';
import { parseRedisAddress } from '../core/redis-address.ts';

/**
 * The shape of poison-control.yml. Each `error` is the "expected" of a fault; what to do about it stands in remedies.ts.
 * Every key but `sidekiqs` may be left out; a key that is not here is a fault, because a misspelt `protect` must not
 * pass for protection.
 */

const DAY_MS = 86_400_000;

function duration(minimum: string, maximum: string) {
  const [minMs = 0, maxMs = 0] = [parseDuration(minimum), parseDuration(maximum)];
  const error = `a duration from ${minimum} to ${maximum}, such as 30s, 15m or 1h`;
  return z.string({ error }).transform((words, context) => {
    const ms = parseDuration(words);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    context.issues.push({ code: 'custom', message: error, input: words });
    return z.NEVER;
  });
}

const text = z.string({ error: 'text' });
const yesOrNo = z.boolean({ error: 'true or false' });
const channel = z
  .string({ error: 'a channel id such as C0123ABCD' })
  .regex(/^[CGD][A-Z0-9]{2,}$/, { error: 'a channel id such as C0123ABCD, not a name' });
const member = z
  .string({ error: 'a user id such as U0123ABCD or a user group id such as S0123ABCD' })
  .regex(/^[UWS][A-Z0-9]{2,}$/, {
    error: 'a user id such as U0123ABCD or a user group id such as S0123ABCD',
  });
const members = z.array(member, { error: 'a list of user ids and user group ids' });

const PEOPLE = 'a whole number from 1 to 10';
const people = z.int({ error: PEOPLE }).min(1, { error: PEOPLE }).max(10, { error: PEOPLE });

const REDIS_URL = 'a URL that begins with redis://, rediss://, redis+sentinel:// or rediss+sentinel://';
const redisUrl = z
  .string({ error: REDIS_URL })
  .regex(/^rediss?(?:\+sentinel)?:\/\/[^\s/]+/, { error: REDIS_URL, abort: true })
  .check(({ value, issues }) => {
    const address = parseRedisAddress(value);
    if (!('fault' in address)) return;
    issues.push({ code: 'custom', message: `an address that can be read: ${address.fault}`, input: value });
  });

const queue = z.strictObject(
  { latency_target: duration('1s', '30d').optional() },
  { error: 'settings of a queue' },
);
const jobClass = z.strictObject(
  {
    recurring: yesOrNo.default(false),
    protect: yesOrNo.default(false),
    required: people.optional(),
    owner: text.optional(),
    note: text.optional(),
  },
  { error: 'settings of a job class' },
);

const approvals = z.strictObject(
  {
    requesters: members.optional(),
    approvers: members.optional(),
    all_of: z
      .array(members.min(1, { error: 'at least one id' }), { error: 'a list of lists of ids' })
      .max(5, { error: 'at most 5 lists' })
      .optional(),
    required: people.optional(),
    expires: duration('1s', '24h').optional(),
    execute_within: duration('10s', '24h').optional(),
    confirm_from: z
      .int({ error: 'a whole number from 1' })
      .min(1, { error: 'a whole number from 1' })
      .optional(),
  },
  { error: 'settings of approvals' },
);

const kubernetes = z.strictObject(
  {
    namespace: z
      .string({ error: 'the namespace of the pods' })
      .min(1, { error: 'the namespace of the pods' }),
    selector: z.string({ error: 'a label selector such as app=sidekiq' }).default(''),
    kubeconfig: z.string({ error: 'the path of a kubeconfig file' }).optional(),
  },
  { error: 'settings of Kubernetes, at least `namespace`' },
);

const postTo = z.strictObject({ channel }, { error: 'a channel' });

const sidekiq = z.strictObject(
  {
    redis: redisUrl,
    namespace: text.default(''),
    channels: z.array(channel, { error: 'a list of channel ids' }).default([]),
    poll: duration('1s', '60s').default(5000),
    kubernetes: kubernetes.optional(),
    queues: z.record(z.string(), queue, { error: 'queue names, each with its settings' }).default({}),
    classes: z.record(z.string(), jobClass, { error: 'job classes, each with its settings' }).default({}),
    /** Key by key in place of those for all. */
    approvals: approvals.optional(),
    /** In place of the one for all. */
    alerts: postTo.optional(),
  },
  { error: 'settings of a sidekiq, at least `redis`' },
);

const SIDEKIQ_NAME = 'a name of letters, digits, dots, dashes and underscores';
const sidekiqs = z
  .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: SIDEKIQ_NAME }), sidekiq, {
    error: 'at least one sidekiq, by name',
  })
  .refine((named) => Object.keys(named).length > 0, { error: 'at least one sidekiq, by name' });

const timezone = z.string({ error: 'a time zone such as America/Denver' }).refine(isTimeZone, {
  error: 'a time zone such as America/Denver or UTC',
});

const report = z.strictObject(
  {
    sidekiq: text,
    channel,
    cron: z.string({ error: 'a cron line such as "0 9 * * 1-5"' }).refine(isCron, {
      error: 'a cron line of five fields such as "0 9 * * 1-5"',
    }),
    timezone,
  },
  { error: 'a report: sidekiq, channel, cron, timezone' },
);

const HOLIDAY = 'a date such as 2026-12-25, or 12-25 for every year';
const calendar = z.strictObject(
  {
    timezone: timezone.default('UTC'),
    holidays: z
      .array(z.string({ error: HOLIDAY }).refine(isDate, { error: HOLIDAY }), { error: 'a list of dates' })
      .max(1000, { error: 'at most 1000 dates' })
      .default([]),
  },
  { error: 'a calendar: timezone, holidays' },
);

const OFFICE_HOURS = 'hours of a day such as 09:00-17:30';
const alerts = z.strictObject(
  {
    channel: channel.optional(),
    remind_after: duration('10m', '7d').optional(),
    office_hours: z
      .string({ error: OFFICE_HOURS })
      .transform((words, context) => {
        const hours = parseOfficeHours(words);
        if (hours !== undefined) return hours;
        context.issues.push({ code: 'custom', message: OFFICE_HOURS, input: words });
        return z.NEVER;
      })
      .optional(),
  },
  { error: 'settings of alerts' },
);

const archive = z.strictObject(
  { keep: duration('1d', '3650d').optional(), expire_debt: yesOrNo.default(false) },
  { error: 'settings of the archive' },
);

/** What is usual at an hour is told by five weeks; ten minutes are kept as long. */
const history = z.strictObject(
  { keep: duration('36d', '3650d').optional() },
  { error: 'settings of the history' },
);

export const fileSchema = z.strictObject(
  {
    sidekiqs,
    approvals: approvals.default({}),
    reports: z.array(report, { error: 'a list of reports' }).default([]),
    calendar: calendar.prefault({}),
    alerts: alerts.default({}),
    audit: postTo.optional(),
    archive: archive.default({ expire_debt: false }),
    history: history.default({}),
  },
  { error: 'settings, at least `sidekiqs`' },
);

export type FileSettings = z.output<typeof fileSchema>;

function isCron(line: string): boolean {
  if (line.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(line, { paused: true }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

/** A wrong zone shows in croner only at the first run; Intl knows at once. */
function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(DAY_MS) !== '';
  } catch {
    return false;
  }
}

function isDate(words: string): boolean {
  const [, year = '2024', monthAndDay] = /^(?:(\d{4})-)?(\d{2}-\d{2})$/.exec(words) ?? [];
  const date = new Date(`${year}-${monthAndDay}T00:00:00Z`);
  // A day that no month has comes out as another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === monthAndDay;
}
