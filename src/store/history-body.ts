import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { type HistorySample, type QueuePast, type Resolution, SPAN_MS } from '../core/history/sample.ts';

/**
 * What stands in the body of a sample: JSON in one zstd frame, with short keys and lists, for there are many thousands of
 * them. Null is what nobody saw, and what is missing at the end of a number's digits is beyond anybody's interest. A minute:
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

/** Level 1: it must be cheap to write, and the texts are small. */
const LEVEL_1 = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** A sample has some hundred names at most; what swells beyond this is none of ours. */
const MAX_BYTES = 16 * 1024 ** 2;

const compress = promisify(zstdCompress);

const RESOLUTIONS = new Map(
  (Object.entries(SPAN_MS) as [Resolution, number][]).map(([resolution, spanMs]) => [spanMs, resolution]),
);

export async function encodeSample(sample: HistorySample): Promise<Uint8Array> {
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
  return await compress(JSON.stringify(body), LEVEL_1);
}

type Row = {
  readonly at_ms: number;
  readonly span_ms: number;
  readonly minutes: number;
  readonly body: Uint8Array;
};

/** Undefined for anything that `encodeSample` did not write. */
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
  return {
    atMs,
    resolution,
    minutes,
    waiting: w === null ? undefined : { size: w[0], mostSize: w[1] },
    queues:
      q === null ? undefined : new Map(Object.entries(q).map(([name, past]) => [name, queuePast(past)])),
    retrySetSize: s[0] ?? undefined,
    scheduledSetSize: s[1] ?? undefined,
    deadSetSize: s[2] ?? undefined,
    processed: d[0],
    failed: d[1],
    threads: t[0] ?? undefined,
    busy: t[1] ?? undefined,
    busyByClass: c === null ? undefined : new Map(Object.entries(c)),
    usedMemoryBytes: m[0] ?? undefined,
    maxMemoryBytes: m[1] ?? undefined,
    ends: { crashes: e[0], cleanStops: e[1], killedWhileStopping: e[2], unknown: e[3] },
  };
}

/** It was written by `encodeSample` alone, and is read by the hundred: its shape is not checked again. */
function readBody(body: Uint8Array): Body | undefined {
  try {
    return JSON.parse(zstdDecompressSync(body, { maxOutputLength: MAX_BYTES }).toString('utf8')) as Body;
  } catch {
    return undefined;
  }
}

function queuePast([size, mostSize, latencyMs]: readonly [number, number, number]): QueuePast {
  return { size, mostSize, latencyMs };
}

function record<T, R>(map: ReadonlyMap<string, T>, take: (value: T) => R): Record<string, R> {
  // fromEntries makes own properties of any name, `__proto__` too.
  return Object.fromEntries([...map].map(([name, value]) => [name, take(value)]));
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const roundedOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : rounded(value);
