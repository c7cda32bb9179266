/** Above it a number of the present century can only be milliseconds; below, only seconds. */
const FIRST_MILLISECONDS = 1e11;
/** The last instant that a Date can hold. */
const LAST_DATE_MS = 8.64e15;

const QUOTED_NUMBER = /^\d{1,16}(?:\.\d{1,12})?$/;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/**
 * Epoch milliseconds of a time in a job or a process. Sidekiq writes float seconds up to 7 and integer milliseconds
 * from 8, and one Redis can hold both, so the size decides; ActiveJob and other writers leave ISO 8601 strings and
 * quoted numbers (reference: 3.2, Times). Undefined for what can be no time.
 */
export function epochMs(value: unknown): number | undefined {
  if (typeof value === 'number') {
    const ms = Math.round(value > FIRST_MILLISECONDS ? value : value * 1000);
    return ms > 0 && ms <= LAST_DATE_MS ? ms : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (QUOTED_NUMBER.test(value)) return epochMs(Number(value));
  if (!ISO_8601.test(value)) return undefined;
  const ms = Date.parse(value);
  return ms > 0 ? ms : undefined;
}

/** "2026-11-23", as in the names of the daily counters. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
