/** Numbers as people say them. Nothing here ever prints NaN or Infinity: what is no number is said to be unknown. */

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Every digit, for sentences: "312,400". */
export function exact(count: number): string {
  return Number.isFinite(count) ? GROUPED.format(count) : 'an unknown number';
}

/** Few digits, for tables and charts: "9,870", "312 k", "1.2 M". */
export function short(count: number): string {
  if (!Number.isFinite(count)) return '?';
  const size = Math.abs(count);
  if (size < 10_000) return exact(count);
  if (size < 999_500) return `${exact(count / 1000)} k`;
  if (size < 999_500_000) return `${oneDigit(count / 1e6)} M`;
  return `${oneDigit(count / 1e9)} G`;
}

/** "1 job", "4,210 jobs"; `many` is for words that do not just take an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${exact(count)} ${count === 1 ? one : many}`;
}

const ORDINAL = new Intl.PluralRules('en-US', { type: 'ordinal' });
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** "1st", "2nd", "11th", "23rd". */
export function nth(count: number): string {
  return `${exact(count)}${ENDINGS[ORDINAL.select(count)] ?? 'th'}`;
}

/** The two biggest units at most: "45 s", "12 min", "2 h 5 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'an unknown time';
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  if (hours < 14 * 24) return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${exact(hours / 24)} d`;
}

function twoUnits(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** Powers of 1024 named as Redis's own INFO names them, so that both show the same figure: "512 MB", "1.4 GB". */
export function bytes(size: number): string {
  if (!Number.isFinite(size)) return 'an unknown size';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, size);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? exact(value) : oneDigit(value)} ${units[unit]}`;
}

/** "1,200 a minute"; what is slower than one a minute is told by the hour. */
export function perMinute(rate: number): string {
  if (!Number.isFinite(rate)) return 'at an unknown rate';
  const size = Math.abs(rate);
  if (size === 0) return 'none a minute';
  if (size >= 1) return `${exact(size)} a minute`;
  const hourly = Math.round(size * 60);
  return hourly < 1 ? 'under one an hour' : `${hourly} an hour`;
}

/** "37 %". Never rounds something to nothing, nor a part to the whole. */
export function percent(part: number, whole: number): string {
  if (!Number.isFinite(part) || !Number.isFinite(whole)) return '?';
  if (whole <= 0 || part <= 0) return '0 %';
  // A part above the whole comes of counters read apart; it is all of it.
  const share = 100 * Math.min(1, part / whole);
  if (share < 1) return '<1 %';
  if (share > 99 && share < 100) return '>99 %';
  return `${Math.round(share)} %`;
}

function oneDigit(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : exact(value);
}
