import { mergeSamples } from './merge.ts';
import { type HistorySample, NO_ENDS, type Resolution, SPAN_MS, spanStartMs } from './sample.ts';

/** Jobs that ended in a span before we came, as Sidekiq itself counted them. */
export type PastCount = {
  readonly atMs: number;
  readonly resolution: Exclude<Resolution, 'hour'>;
  readonly processed: number;
  readonly failed: number;
};

/**
 * What Sidekiq's own counters can tell of the past, as samples that know nothing else. Spans that are not over by `nowMs`
 * are left out: what we see of them ourselves is more.
 */
export function samplesOfCounts(counts: readonly PastCount[], nowMs: number): readonly HistorySample[] {
  const known = counts
    .filter(({ atMs, resolution }) => atMs + SPAN_MS[resolution] <= nowMs)
    .map(sampleOf)
    .sort((a, b) => a.atMs - b.atMs);
  const of = (wanted: Resolution) => known.filter(({ resolution }) => resolution === wanted);
  const minutes = of('minute');
  const tens = preferred(of('ten minutes'), coarser(minutes, 'ten minutes', nowMs));
  return [...of('day'), ...coarser(tens, 'hour', nowMs), ...tens, ...minutes];
}

function sampleOf({ atMs, resolution, processed, failed }: PastCount): HistorySample {
  return {
    atMs,
    resolution,
    minutes: SPAN_MS[resolution] / SPAN_MS.minute,
    waiting: undefined,
    queues: undefined,
    retrySetSize: undefined,
    scheduledSetSize: undefined,
    deadSetSize: undefined,
    processed,
    failed,
    threads: undefined,
    busy: undefined,
    busyByClass: undefined,
    usedMemoryBytes: undefined,
    maxMemoryBytes: undefined,
    ends: NO_ENDS,
  };
}

function coarser(
  samples: readonly HistorySample[],
  resolution: Resolution,
  nowMs: number,
): readonly HistorySample[] {
  const spans = Map.groupBy(samples, ({ atMs }) => spanStartMs(atMs, resolution));
  return [...spans].flatMap(([atMs, within]) => {
    if (atMs + SPAN_MS[resolution] > nowMs) return [];
    const merged = mergeSamples(within, resolution);
    return merged === undefined ? [] : [merged];
  });
}

/** Each span once; the first list is the better one. */
function preferred(
  first: readonly HistorySample[],
  second: readonly HistorySample[],
): readonly HistorySample[] {
  const known = new Set(first.map(({ atMs }) => atMs));
  return [...first, ...second.filter(({ atMs }) => !known.has(atMs))].sort((a, b) => a.atMs - b.atMs);
}
