import type { Sample } from './sample.ts';
import { COUNTERS_NEED_MS } from './thresholds.ts';

/**
 * The newest samples that can be compared: in order of time, not older than the window, and none from before a counter
 * was reset (a flush, a restore, another database), since differences over that point mean nothing.
 */
export function newestStretch(samples: readonly Sample[], windowMs: number): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  let start = samples.length - 1;
  let next = last;
  for (; start > 0; start -= 1) {
    const sample = samples[start - 1];
    if (sample === undefined || sample.atMs >= next.atMs || sample.atMs < last.atMs - windowMs) break;
    if (sample.processed > next.processed || sample.failed > next.failed) break;
    next = sample;
  }
  return samples.slice(start);
}

export function spanMs(samples: readonly Sample[]): number {
  const [first, last] = [samples.at(0), samples.at(-1)];
  return first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
}

/** Change per minute of a straight line through the points (least squares), so that one burst does not decide alone. */
export function changePerMinute(
  points: readonly { readonly atMs: number; readonly value: number }[],
): number | undefined {
  const first = points[0];
  if (first === undefined || points.length < 2) return undefined;
  const meanMs = points.reduce((sum, { atMs }) => sum + (atMs - first.atMs), 0) / points.length;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const { atMs, value } of points) {
    const offsetMs = atMs - first.atMs - meanMs;
    covariance += offsetMs * (value - mean);
    variance += offsetMs * offsetMs;
  }
  return variance === 0 ? undefined : (covariance / variance) * 60_000;
}

/** Jobs that ended, well or not, over the samples; undefined while a 0 could only mean "not yet reported". */
export type Progress = {
  readonly processed: number;
  readonly failed: number;
  readonly overMs: number;
  readonly perMinute: number;
};

export function progressOf(samples: readonly Sample[]): Progress | undefined {
  const [first, last] = [samples.at(0), samples.at(-1)];
  const overMs = spanMs(samples);
  if (first === undefined || last === undefined || overMs <= 0) return undefined;
  const processed = last.processed - first.processed;
  const failed = last.failed - first.failed;
  if (overMs < COUNTERS_NEED_MS) return undefined;
  return { processed, failed, overMs, perMinute: (processed / overMs) * 60_000 };
}
