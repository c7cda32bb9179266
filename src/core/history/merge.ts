import {
  type HistorySample,
  type Level,
  NO_ENDS,
  type ProcessEnds,
  type QueuePast,
  type Resolution,
  spanStartMs,
} from './sample.ts';

/**
 * One sample out of those that lie in its span: sizes on average over the minutes that were seen, the most and the longest
 * as they are, what happened as a sum. Undefined of none.
 */
export function mergeSamples(
  samples: readonly HistorySample[],
  resolution: Resolution,
): HistorySample | undefined {
  const [first] = samples;
  if (first === undefined) return undefined;
  const mean = (take: (sample: HistorySample) => number | undefined) => weighted(samples, take);
  return {
    atMs: spanStartMs(first.atMs, resolution),
    resolution,
    minutes: sum(samples, ({ minutes }) => minutes),
    waiting: mergeLevels(samples, ({ waiting }) => waiting),
    queues: mergeQueues(samples),
    retrySetSize: mean(({ retrySetSize }) => retrySetSize),
    scheduledSetSize: mean(({ scheduledSetSize }) => scheduledSetSize),
    deadSetSize: mean(({ deadSetSize }) => deadSetSize),
    processed: sum(samples, ({ processed }) => processed),
    failed: sum(samples, ({ failed }) => failed),
    threads: mean(({ threads }) => threads),
    busy: mean(({ busy }) => busy),
    busyByClass: mergeClasses(samples),
    usedMemoryBytes: mean(({ usedMemoryBytes }) => usedMemoryBytes),
    maxMemoryBytes: samples.at(-1)?.maxMemoryBytes,
    ends: samples.map(({ ends }) => ends).reduce(addEnds, NO_ENDS),
  };
}

function mergeQueues(samples: readonly HistorySample[]): ReadonlyMap<string, QueuePast> | undefined {
  const seen = samples.flatMap(({ queues, minutes }) => (queues === undefined ? [] : [{ queues, minutes }]));
  if (seen.length === 0) return undefined;
  const names = new Set(seen.flatMap(({ queues }) => [...queues.keys()]));
  const minutes = sum(seen, (each) => each.minutes);
  return new Map(
    [...names].map((name) => {
      const ofQueue = seen.map(({ queues, minutes: weight }) => ({ queue: queues.get(name), weight }));
      return [
        name,
        {
          size: sum(ofQueue, ({ queue, weight }) => (queue?.size ?? 0) * weight) / minutes,
          mostSize: most(ofQueue, ({ queue }) => queue?.mostSize ?? 0),
          latencyMs: most(ofQueue, ({ queue }) => queue?.latencyMs ?? 0),
        },
      ];
    }),
  );
}

function mergeClasses(samples: readonly HistorySample[]): ReadonlyMap<string, number> | undefined {
  const seen = samples.filter(({ busyByClass }) => busyByClass !== undefined);
  if (seen.length === 0) return undefined;
  const names = new Set(seen.flatMap(({ busyByClass }) => [...(busyByClass?.keys() ?? [])]));
  return new Map(
    [...names].map((name) => [name, weighted(seen, ({ busyByClass }) => busyByClass?.get(name) ?? 0) ?? 0]),
  );
}

function mergeLevels(
  samples: readonly HistorySample[],
  levelOf: (sample: HistorySample) => Level | undefined,
): Level | undefined {
  const size = weighted(samples, (sample) => levelOf(sample)?.size);
  return size === undefined
    ? undefined
    : { size, mostSize: most(samples, (sample) => levelOf(sample)?.mostSize ?? 0) };
}

function addEnds(one: ProcessEnds, other: ProcessEnds): ProcessEnds {
  return {
    crashes: one.crashes + other.crashes,
    cleanStops: one.cleanStops + other.cleanStops,
    killedWhileStopping: one.killedWhileStopping + other.killedWhileStopping,
    unknown: one.unknown + other.unknown,
  };
}

/** The mean over minutes; undefined where it was never seen. */
function weighted(
  samples: readonly HistorySample[],
  take: (sample: HistorySample) => number | undefined,
): number | undefined {
  let total = 0;
  let minutes = 0;
  for (const sample of samples) {
    const value = take(sample);
    if (value === undefined) continue;
    total += value * sample.minutes;
    minutes += sample.minutes;
  }
  return minutes === 0 ? undefined : total / minutes;
}

function sum<T>(all: readonly T[], take: (one: T) => number): number {
  return all.reduce((total, one) => total + take(one), 0);
}

function most<T>(all: readonly T[], take: (one: T) => number): number {
  return all.reduce((greatest, one) => Math.max(greatest, take(one)), 0);
}
