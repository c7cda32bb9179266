import { latencyTargetMs } from '../health/promise.ts';
import { type Figure, pastValueOf } from '../history/figure.ts';
import { type HistorySample, SPAN_MS } from '../history/sample.ts';
import { usualLimit } from '../history/unusual.ts';
import type { Usual } from '../history/usual.ts';
import type { SidekiqPolicy } from '../policy.ts';
import type { UsualOf } from './night.ts';

/** A figure that left its usual range, or a queue its promise: from when to when, how far, against what. */
export type Stretch = {
  readonly figure: Figure;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Whether it had ended when the night was looked at. */
  readonly isOver: boolean;
  readonly most: number;
  /** The most that is usual, or what was promised. */
  readonly limit: number;
  readonly isPromise: boolean;
};

/** Of what is never there at all; up to its limit nothing is ever unusual. */
const NOTHING: Pick<Usual, 'median' | 'high'> = { median: 0, high: 0 };
/** A gap of one sample does not end a stretch. */
const GAP_MS = 20 * 60_000;
const AROUND_MS = 30 * 60_000;

/** What was out of the ordinary, the farthest first. Of a queue that grew, that its jobs waited long is not said as well. */
export function stretchesOf(
  samples: readonly HistorySample[],
  policy: SidekiqPolicy,
  usualOf: UsualOf,
): readonly Stretch[] {
  const queues = new Set(samples.flatMap(({ queues: named }) => [...(named?.keys() ?? [])]));
  const perQueue = [...queues].flatMap((queue) => {
    const size = stretchOf({ kind: 'queue size', queue }, samples, usualOf, undefined);
    const promiseMs = latencyTargetMs(queue, policy);
    if (size.length > 0 && promiseMs === undefined) return size;
    return [...size, ...stretchOf({ kind: 'queue latency', queue }, samples, usualOf, promiseMs)];
  });
  const hasQueue = perQueue.some(({ figure }) => figure.kind === 'queue size');
  const kinds = ['retry set', 'dead set', 'failure share', 'memory'] as const;
  const others = [...(hasQueue ? [] : (['waiting'] as const)), ...kinds].flatMap((kind) =>
    stretchOf({ kind }, samples, usualOf, undefined),
  );
  return [...perQueue, ...others].sort((a, b) => farness(b) - farness(a));
}

function farness({ most, limit, isPromise }: Stretch): number {
  return (isPromise ? 1000 : 1) * (most / Math.max(limit, 1e-9));
}

/** One stretch from the first time to the last time when it was out of range; several where it was well in between. */
function stretchOf(
  figure: Figure,
  samples: readonly HistorySample[],
  usualOf: UsualOf,
  promise: number | undefined,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const endMs = endOf(samples);
  const floor = usualLimit(figure, NOTHING);
  for (const sample of samples) {
    const most = pastValueOf(figure, sample)?.most;
    // Most figures of most nights are so small that what is usual need not be worked out.
    if (most === undefined || most <= (promise ?? floor)) continue;
    const limit = promise ?? limitOf(figure, sample.atMs, usualOf);
    if (limit === undefined || most <= limit) continue;
    const untilMs = sample.atMs + SPAN_MS[sample.resolution];
    const open = stretches.at(-1);
    const isOver = untilMs < endMs;
    if (open !== undefined && sample.atMs - open.untilMs < GAP_MS) {
      stretches[stretches.length - 1] =
        most > open.most ? { ...open, untilMs, isOver, most, limit } : { ...open, untilMs, isOver };
    } else {
      const isPromise = promise !== undefined;
      stretches.push({ figure, fromMs: sample.atMs, untilMs, isOver, most, limit, isPromise });
    }
  }
  return stretches;
}

/** Of the hours around, the more; what begins some minutes early or late is no surprise. Undefined while none is known. */
function limitOf(figure: Figure, atMs: number, usualOf: UsualOf): number | undefined {
  const around = [usualOf(figure, atMs - AROUND_MS), usualOf(figure, atMs + AROUND_MS)];
  const limits = around.flatMap((usual) => (usual === undefined ? [] : [usualLimit(figure, usual)]));
  return limits.length === 0 ? undefined : Math.max(...limits);
}

function endOf(samples: readonly HistorySample[]): number {
  const last = samples.at(-1);
  return last === undefined ? 0 : last.atMs + SPAN_MS[last.resolution];
}
