/** Classes that only carry an ActiveJob (7.3.3 brought the second one). */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
  'Sidekiq::ActiveJob::Wrapper',
]);

export const MAILERS: ReadonlySet<string> = new Set([
  'ActionMailer::MailDeliveryJob',
  'ActionMailer::DeliveryJob',
]);

/** What decoding puts where bytes were no UTF-8. */
export const REPLACEMENT = '\uFFFD';

type Payload = { readonly [field: string]: unknown };

/** A JSON object, by the only test that matters: neither null nor an array. */
export function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The string of that field, if it is one and says something. */
export function textOf(payload: Payload, field: string): string | undefined {
  const value = payload[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isWrapper(rawClass: string): boolean {
  return WRAPPERS.has(rawClass);
}

/** Classes that only carry mail: which mail is it, the arguments say (see `mailOf`). */
export function isMailer(jobClass: string): boolean {
  return MAILERS.has(jobClass);
}

/**
 * The class a person knows: `wrapped`, else the `job_class` inside an ActiveJob wrapper, else `class` (reference: 3.3).
 * Undefined when there is none, and when its bytes are no UTF-8: two such classes would look alike, and a purge must
 * never take the one for the other.
 */
export function jobClassOf(payload: Payload): string | undefined {
  const rawClass = textOf(payload, 'class');
  if (rawClass === undefined) return undefined;
  const jobClass = textOf(payload, 'wrapped') ?? activeJobClass(payload, rawClass) ?? rawClass;
  return jobClass.includes(REPLACEMENT) ? undefined : jobClass;
}

function activeJobClass(payload: Payload, rawClass: string): string | undefined {
  if (!isWrapper(rawClass)) return undefined;
  const inner = Array.isArray(payload['args']) ? payload['args'][0] : undefined;
  return isObject(inner) ? textOf(inner, 'job_class') : undefined;
}

/** "PayslipMailer#monthly" of a mail job: its class says only that it is mail. */
export function mailOf(payload: Payload): string | undefined {
  if (!isMailer(jobClassOf(payload) ?? '')) return undefined;
  const inner = Array.isArray(payload['args']) ? payload['args'][0] : undefined;
  if (!isObject(inner) || !Array.isArray(inner['arguments'])) return undefined;
  const [mailer, method] = inner['arguments'];
  return typeof mailer === 'string' && typeof method === 'string' ? `${mailer}#${method}` : undefined;
}
