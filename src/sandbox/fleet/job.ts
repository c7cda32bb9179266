import type { Dialect } from './dialect.ts';
import type { JobClass } from './job-class.ts';
import type { Random } from './random.ts';

/** A job's fields, as Sidekiq's client would push them. */
type Payload = Readonly<Record<string, unknown>>;

/** One job as the JSON text that Redis keeps. `enqueued` is false for the schedule, whose jobs have no `enqueued_at`. */
export function jobText(
  jobClass: JobClass,
  dialect: Dialect,
  createdAtMs: number,
  random: Random,
  enqueued = true,
): string {
  const createdAt = dialect.jobTime(createdAtMs, random);
  // The order of the keys is the one seen from a real client; other clients have others.
  return JSON.stringify({
    retry: true,
    queue: jobClass.queue,
    ...(jobClass.tags === undefined ? {} : { tags: jobClass.tags }),
    ...(jobClass.isBatched === true ? { bid: random.hex(14) } : {}),
    ...callOf(jobClass, dialect, createdAtMs, random),
    jid: random.hex(24),
    created_at: createdAt,
    ...(enqueued ? { enqueued_at: createdAt } : {}),
  });
}

function callOf(jobClass: JobClass, dialect: Dialect, nowMs: number, random: Random): Payload {
  const recordId = 1 + random.integer(90_000);
  if (jobClass.look === 'plain') return { args: [recordId], class: jobClass.name };
  const record = { _aj_globalid: `gid://payroll/Employee/${recordId}` };
  const arguments_ =
    jobClass.look === 'mailer'
      ? ['PaystubMailer', 'ready', 'deliver_now', { args: [record], _aj_ruby2_keywords: ['args'] }]
      : [record];
  return {
    args: [
      {
        job_class: jobClass.name,
        job_id: uuid(random),
        provider_job_id: null,
        queue_name: jobClass.queue,
        priority: null,
        arguments: arguments_,
        executions: 0,
        exception_executions: {},
        locale: 'en',
        timezone: 'UTC',
        enqueued_at: new Date(nowMs).toISOString(),
      },
    ],
    wrapped: jobClass.name,
    class: dialect.activeJobWrapper,
  };
}

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
}

/** The fields of a job; an empty object for text that is no JSON object. */
export function parseJob(text: string): Payload {
  try {
    const job: unknown = JSON.parse(text);
    return typeof job === 'object' && job !== null && !Array.isArray(job) ? { ...job } : {};
  } catch {
    return {};
  }
}

/** The class a person knows. */
export function classNameOf(job: Payload): string {
  return String(job['wrapped'] ?? job['class'] ?? '');
}

/** The job after a failure, and when it is due again: count^4 + 15 seconds and a jitter, as Sidekiq does. */
export function failedJob(
  text: string,
  failure: NonNullable<JobClass['failure']>,
  dialect: Dialect,
  nowMs: number,
  random: Random,
): { readonly text: string; readonly dueSeconds: number } {
  const job = parseJob(text);
  const earlier = typeof job['retry_count'] === 'number' ? job['retry_count'] : undefined;
  const count = earlier === undefined ? 0 : earlier + 1;
  const time = dialect.jobTime(nowMs, random);
  const failed = {
    ...job,
    error_message: failure.message,
    error_class: failure.errorClass,
    ...(earlier === undefined ? { failed_at: time } : { retried_at: time }),
    retry_count: count,
  };
  const delaySeconds = count ** 4 + 15 + random.integer(10 * (count + 1));
  return { text: JSON.stringify(failed), dueSeconds: nowMs / 1000 + delaySeconds };
}
