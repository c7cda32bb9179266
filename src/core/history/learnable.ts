import { type HistorySample, SPAN_MS, type TimeRange } from './sample.ts';

/** What lasts longer than this is no incident any more but how things are now, and has to be learned. */
const MOST_MS = 7 * 86_400_000;

/** The samples without those of incidents, so that a night that went wrong never becomes usual. */
export function learnable(
  samples: readonly HistorySample[],
  incidents: readonly TimeRange[],
): readonly HistorySample[] {
  if (incidents.length === 0) return samples;
  return samples.filter(({ atMs, resolution }) => {
    const endMs = atMs + SPAN_MS[resolution];
    return !incidents.some(({ fromMs, toMs }) => atMs < Math.min(toMs, fromMs + MOST_MS) && endMs > fromMs);
  });
}
