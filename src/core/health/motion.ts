import type { Sample } from './sample.ts';
import {
  DIRECTION_NEEDS_JOBS,
  DIRECTION_NEEDS_MS,
  STOPPED_AFTER_MS,
  TREND_WINDOW_MS,
  TURNED_AFTER_MS,
} from './thresholds.ts';
import { changePerMinute, newestStretch, spanMs } from './trend.ts';

/** Where a backlog is going. Stopped means that nothing was taken from it at all, whatever was added. */
export type Motion =
  | { readonly type: 'unknown' }
  | { readonly type: 'stopped'; readonly forMs: number; readonly growsPerMinute: number }
  | { readonly type: 'draining'; readonly perMinute: number; readonly emptyInMs: number }
  | { readonly type: 'growing'; readonly perMinute: number }
  | { readonly type: 'steady' };

/** Redis's clock and a job's float seconds round differently; the same job may seem this much older or younger. */
const SAME_HEAD_MS = 20;

export function queueMotion(queue: string, samples: readonly Sample[]): Motion {
  const stoppedForMs = untouchedForMs(queue, samples);
  const sizes = newestStretch(samples, TREND_WINDOW_MS).map((sample) => ({
    atMs: sample.atMs,
    value: sample.queueSizes.get(queue) ?? 0,
  }));
  const motion = sizeMotion(sizes);
  if (stoppedForMs < STOPPED_AFTER_MS) return motion;
  return {
    type: 'stopped',
    forMs: stoppedForMs,
    growsPerMinute: motion.type === 'growing' ? motion.perMinute : 0,
  };
}

/** Of all queues together. */
export function totalMotion(samples: readonly Sample[]): Motion {
  const sizes = newestStretch(samples, TREND_WINDOW_MS).map((sample) => ({
    atMs: sample.atMs,
    value: [...sample.queueSizes.values()].reduce((sum, size) => sum + size, 0),
  }));
  return sizeMotion(sizes);
}

type Size = { readonly atMs: number; readonly value: number };

function sizeMotion(all: readonly Size[]): Motion {
  const sizes = sinceTurn(all);
  const [first, last] = [sizes.at(0), sizes.at(-1)];
  if (first === undefined || last === undefined) return { type: 'unknown' };
  if (last.atMs - first.atMs < DIRECTION_NEEDS_MS) return { type: 'unknown' };
  const perMinute = changePerMinute(sizes);
  if (perMinute === undefined) return { type: 'unknown' };
  const change = (perMinute * (last.atMs - first.atMs)) / 60_000;
  if (Math.abs(change) < DIRECTION_NEEDS_JOBS) return { type: 'steady' };
  if (perMinute > 0) return { type: 'growing', perMinute };
  return { type: 'draining', perMinute: -perMinute, emptyInMs: (last.value / -perMinute) * 60_000 };
}

/** What has gone one way for a while goes that way, whatever it did before: a burst that is being worked off does not grow. */
function sinceTurn(sizes: readonly Size[]): readonly Size[] {
  const last = sizes.at(-1);
  if (last === undefined) return sizes;
  const turn = Math.min(runStart(sizes, 1), runStart(sizes, -1));
  const run = sizes.slice(turn);
  return last.atMs - (run[0]?.atMs ?? last.atMs) >= TURNED_AFTER_MS ? run : sizes;
}

/** Where the last run begins in which no size is less than the one before (or more, for a direction of -1). */
function runStart(sizes: readonly Size[], direction: 1 | -1): number {
  const valueAt = (index: number): number => (sizes[index]?.value ?? 0) * direction;
  let start = sizes.length - 1;
  while (start > 0 && valueAt(start - 1) <= valueAt(start)) start -= 1;
  return start;
}

/** For how long the same job has stood first in line while the line never became shorter. */
function untouchedForMs(queue: string, samples: readonly Sample[]): number {
  const stretch = newestStretch(samples, Number.MAX_SAFE_INTEGER);
  const last = stretch.at(-1);
  const head = last?.queueHeadsAtMs.get(queue);
  if (last === undefined || head === undefined) return 0;
  let since = last;
  for (const sample of stretch.slice(0, -1).reverse()) {
    const headThen = sample.queueHeadsAtMs.get(queue);
    const isSameHead = headThen !== undefined && Math.abs(headThen - head) <= SAME_HEAD_MS;
    // Jobs pushed in bulk share one time, so the same time at the head proves little if the line became shorter.
    if (!isSameHead || sizeOf(sample, queue) > sizeOf(since, queue)) break;
    since = sample;
  }
  return spanMs([since, last]);
}

const sizeOf = (sample: Sample, queue: string): number => sample.queueSizes.get(queue) ?? 0;
