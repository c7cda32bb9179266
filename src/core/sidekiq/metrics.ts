/**
 * Names of the minute hashes of Sidekiq's own metrics (7+): `j|20261123|17:8` in 7.x, `j|261123|17:08` from 8.0, hours
 * without a leading zero, UTC (reference 8.4; lib/sidekiq/metrics/tracking.rb).
 */
export function metricsMinuteNames(atMs: number): readonly string[] {
  const at = new Date(atMs);
  const date = at.toISOString().slice(0, 10).replaceAll('-', '');
  const [hour, minute] = [at.getUTCHours(), at.getUTCMinutes()];
  return [`j|${date}|${hour}:${minute}`, `j|${date.slice(2)}|${hour}:${String(minute).padStart(2, '0')}`];
}

/** The class and count of a field that counts ended jobs, `CLASS|p`; others are times and failures. */
export function endedIn(
  field: string,
  value: string,
): readonly [jobClass: string, count: number] | undefined {
  return countIn(field, value, '|p');
}

/** The same of failed jobs, `CLASS|f`. */
export function failedIn(
  field: string,
  value: string,
): readonly [jobClass: string, count: number] | undefined {
  return countIn(field, value, '|f');
}

function countIn(
  field: string,
  value: string,
  ending: string,
): readonly [jobClass: string, count: number] | undefined {
  if (!field.endsWith(ending)) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? [field.slice(0, -ending.length), count] : undefined;
}

/** The name of the ten minutes that a time lies in: since 8.0, kept for three days (`j|261123|17:2` for 17:20 to 17:29). */
export function metricsTenMinutesName(atMs: number): string {
  const at = new Date(atMs);
  const date = at.toISOString().slice(2, 10).replaceAll('-', '');
  return `j|${date}|${at.getUTCHours()}:${Math.floor(at.getUTCMinutes() / 10)}`;
}
