/** Beats by resident memory, in logarithmic bins: two per cent each, so that a few hundred hold any fleet. */
export type RssHistogram = ReadonlyMap<number, number>;

const BIN_RATIO = Math.log(1.02);

export function rssBin(rssKb: number): number {
  return Math.round(Math.log(Math.max(1, rssKb)) / BIN_RATIO);
}

/** The most memory that any process had at any beat. */
export function largestRssKb(histogram: RssHistogram): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const bin of histogram.keys()) largest = Math.max(largest, bin);
  return Math.exp(largest * BIN_RATIO);
}

const LARGEST_SHARE = 0.15;

/** Whether a process of this size is among the largest 15 % of all beats. */
export function isAmongLargest(histogram: RssHistogram, rssKb: number): boolean {
  const own = rssBin(rssKb);
  let beats = 0;
  let larger = 0;
  for (const [bin, count] of histogram) {
    beats += count;
    if (bin > own) larger += count;
  }
  return beats > 0 && larger <= LARGEST_SHARE * beats;
}
