/** The round numbers of an axis, in rising order. They hold zero and every value. */
export function ticksFor(values: readonly number[], wanted = 4): readonly number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low;
  if (!Number.isFinite(span)) return [0, 1];
  if (span === 0) return [0, 1];
  const step = niceStep(span / wanted);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

/** 1, 2 or 5 times a power of ten: what people count in. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/** 0.30000000000000004 is 0.3 to a reader. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** `312000` as `312K`: an axis has room for no more. */
export function shortNumber(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
