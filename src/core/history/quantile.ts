/** The value below which a share of the sorted values lies; between two of them in proportion. 0 of none. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(sorted: readonly number[]): number {
  return quantile(sorted, 0.5);
}

export function medianOf(values: readonly number[]): number {
  const [one = 0, other] = values;
  // Of an hour there are one or two samples, and a report asks for thousands of hours: sorting these is half of its judging.
  if (values.length === 1) return one;
  if (values.length === 2 && other !== undefined) return median(one < other ? [one, other] : [other, one]);
  return median(values.toSorted((a, b) => a - b));
}
