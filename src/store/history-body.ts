import { type HistorySample, type QueuePast, type Resolution, SPAN_MS } from '../core/history/sample.ts';

/**
 * What stands in the body of a sample: JSON with short keys and lists, for there are many thousands of them. It is not
 * compressed: an answer reads some hundreds, and unpacking each takes ten times as long as parsing it. Null is what nobody
 * saw; means are kept to as many digits as anybody cares for. A minute:
 *
 *   {"w":[40,52],"q":{"default":[40,52,1200]},"s":[3,12,0],"d":[610,2],"t":[50,31],"c":{"InvoiceJob":31},
 *    "m":[52428800,0],"e":[0,1,0,0]}
 */
type Body = {
  readonly w: readonly [size: number, mostSize: number] | null;
  readonly q: Readonly<Record<string, readonly [size: number, mostSize: number, latencyMs: number]>> | null;
  /** Retry, scheduled, dead set. */
  readonly s: readonly [number | null, number | null, number | null];
  /** Done: processed, failed. */
  readonly d: readonly [number, number];
  readonly t: readonly [threads: number | null, busy: number | null];
  readonly c: Readonly<Record<string, number>> | null;
  /** Redis's memory: used, at most. */
  readonly m: readonly [number | null, number | null];
  /** Ends: crashes, clean stops, killed while stopping, unknown. */
  readonly e: readonly [number, number, number, number];
};

const RESOLUTIONS = new Map(
  (Object.entries(SPAN_MS) as [Resolution, number][]).map(([resolution, spanMs]) => [spanMs, resolution]),
);

export function encodeSample(sample: HistorySample): string {
  const { queues, busyByClass, waiting, ends } = sample;
  const body: Body = {
    w: waiting === undefined ? null : [rounded(waiting.size), waiting.mostSize],
    q:
      queues === undefined
        ? null
        : record(queues, ({ size, mostSize, latencyMs }): [number, number, number] => [
            rounded(size),
            mostSize,
            Math.round(latencyMs),
          ]),
    s: [
      roundedOrNull(sample.retrySetSize),
      roundedOrNull(sample.scheduledSetSize),
      roundedOrNull(sample.deadSetSize),
    ],
    d: [sample.processed, sample.failed],
    t: [roundedOrNull(sample.threads), roundedOrNull(sample.busy)],
    c: busyByClass === undefined ? null : record(busyByClass, rounded),
    m: [roundedOrNull(sample.usedMemoryBytes), roundedOrNull(sample.maxMemoryBytes)],
    e: [ends.crashes, ends.cleanStops, ends.killedWhileStopping, ends.unknown],
  };
  return JSON.stringify(body);
}

type Row = {
  readonly at_ms: number;
  readonly span_ms: number;
  readonly minutes: number;
  readonly body: string;
};

/**
 * Undefined for anything that `encodeSample` did not write. Its queues and classes are made of it when they are asked for:
 * an answer reads hundreds of samples, and of most only the one or the other.
 */
export function decodeSample({
  at_ms: atMs,
  span_ms: spanMs,
  minutes,
  body,
}: Row): HistorySample | undefined {
  const resolution = RESOLUTIONS.get(spanMs);
  const read = resolution === undefined ? undefined : readBody(body);
  if (resolution === undefined || read === undefined) return undefined;
  const { w, q, s, d, t, c, m, e } = read;
  const queues = once(() => (q === null ? undefined : mapOf(q, queuePast)));
  const busyByClass = once(() => (c === null ? undefined : mapOf(c, (threads) => threads)));
  return {
    atMs,
    resolution,
    minutes,
    waiting: w === null ? undefined : { size: w[0], mostSize: w[1] },
    get queues() {
      return queues();
    },
    retrySetSize: s[0] ?? undefined,
    scheduledSetSize: s[1] ?? undefined,
    deadSetSize: s[2] ?? undefined,
    processed: d[0],
    failed: d[1],
    threads: t[0] ?? undefined,
    busy: t[1] ?? undefined,
    get busyByClass() {
      return busyByClass();
    },
    usedMemoryBytes: m[0] ?? undefined,
    maxMemoryBytes: m[1] ?? undefined,
    ends: { crashes: e[0], cleanStops: e[1], killedWhileStopping: e[2], unknown: e[3] },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** It was written by `encodeSample` alone, and is read by the hundred: its shape is not checked again. */
function readBody(body: string): Body | undefined {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return undefined;
  }
}

function queuePast([size, mostSize, latencyMs]: readonly [number, number, number]): QueuePast {
  return { size, mostSize, latencyMs };
}

/** A night reads a hundred thousand entries: without a list of pairs in between it is half the work. */
function mapOf<T, R>(read: Readonly<Record<string, T>>, take: (value: T) => R): ReadonlyMap<string, R> {
  const map = new Map<string, R>();
  for (const name of Object.keys(read)) map.set(name, take(read[name] as T));
  return map;
}

function record<T, R>(map: ReadonlyMap<string, T>, take: (value: T) => R): Record<string, R> {
  // fromEntries makes own properties of any name, `__proto__` too.
  return Object.fromEntries([...map].map(([name, value]) => [name, take(value)]));
}

const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
const roundedOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : rounded(value);
