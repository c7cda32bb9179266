import type { End, Judgement } from '../attribution/process-ends.ts';
import { runningOf } from '../health/running.ts';
import type { Snapshot } from '../sidekiq/snapshot.ts';
import { mergeSamples } from './merge.ts';
import { type HistorySample, NO_ENDS, type ProcessEnds, type QueuePast, spanStartMs } from './sample.ts';

/** A fleet that makes queues by the thousand must not make samples by the megabyte; the biggest tell the story. */
const MOST_QUEUES = 300;
const MOST_CLASSES = 150;
/** After a longer hole the counters tell of more than this minute. */
const HOLE_MS = 90_000;

/** A minute that is being watched: its looks so far, each as a sample of its own. */
export type Minute = { readonly atMs: number; readonly looks: readonly HistorySample[] };

/** Where Sidekiq's counters stood at the look before. */
export type CountersThen = {
  readonly atMs: number;
  readonly processed: number;
  readonly failed: number;
};

export function countersOf({ takenAtMs, counters }: Snapshot): CountersThen {
  return { atMs: takenAtMs, processed: counters.processed, failed: counters.failed };
}

/** One look as a sample of the minute that it lies in. What ended before it counts when the look before was near enough. */
export function lookSample(
  snapshot: Snapshot,
  judgements: readonly Judgement[],
  before: CountersThen | undefined,
): HistorySample {
  const { takenAtMs, counters, redis } = snapshot;
  const running = runningOf(snapshot);
  const size = snapshot.queues.reduce((sum, queue) => sum + queue.size, 0);
  const isNear = before !== undefined && takenAtMs - before.atMs <= HOLE_MS;
  // A counter that went down was reset; how much ended since, nobody knows.
  const ended = (now: number, then: number | undefined): number =>
    isNear ? Math.max(0, now - (then ?? now)) : 0;
  return {
    atMs: spanStartMs(takenAtMs, 'minute'),
    resolution: 'minute',
    minutes: 1,
    waiting: { size, mostSize: size },
    queues: queuesOf(snapshot),
    retrySetSize: snapshot.retrySet.size,
    scheduledSetSize: snapshot.scheduledSet.size,
    deadSetSize: snapshot.deadSet.size,
    processed: ended(counters.processed, before?.processed),
    failed: ended(counters.failed, before?.failed),
    threads: running.threads,
    busy: running.busy,
    busyByClass: new Map(
      running.classes
        .slice(0, MOST_CLASSES)
        .flatMap(({ jobClass, threads }) => (jobClass === undefined ? [] : [[jobClass, threads]])),
    ),
    usedMemoryBytes: redis.usedMemoryBytes,
    maxMemoryBytes: redis.maxMemoryBytes,
    ends: endsIn(judgements),
  };
}

/** The whole minute out of its looks. Undefined of none. */
export function minuteSample({ looks }: Minute): HistorySample | undefined {
  const merged = mergeSamples(looks, 'minute');
  return merged && { ...merged, minutes: 1 };
}

function queuesOf({ queues }: Snapshot): ReadonlyMap<string, QueuePast> {
  const filled = queues.filter(({ size }) => size > 0);
  const biggest = filled.length <= MOST_QUEUES ? filled : filled.toSorted((a, b) => b.size - a.size);
  return new Map(
    biggest
      .slice(0, MOST_QUEUES)
      .map(({ name, size, latencyMs }) => [
        name,
        { size, mostSize: size, latencyMs: Math.max(0, latencyMs) },
      ]),
  );
}

function endsIn(judgements: readonly Judgement[]): ProcessEnds {
  const count = (end: End): number =>
    judgements.filter((judgement) => judgement.kind === 'ended' && judgement.end === end).length;
  if (judgements.length === 0) return NO_ENDS;
  return {
    crashes: count('crash'),
    cleanStops: count('clean stop'),
    killedWhileStopping: count('killed while stopping'),
    unknown: count('unknown'),
  };
}
