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
  if (!field.endsWith('|p')) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? [field.slice(0, -2), count] : undefined;
}
