import { counted, duration } from '../amounts.ts';
import { code, say, type Text } from '../reply/text.ts';
import type { Process, Snapshot } from '../sidekiq/snapshot.ts';
import type { Sample } from './sample.ts';
import { CLOCK_SKEW_MS, COUNTERS_NEED_MS } from './thresholds.ts';
import { newestStretch, spanMs } from './trend.ts';

/** The TTL of a process's hash when it was just renewed (reference 4.1). */
const FULL_TTL_MS = 60_000;

/** What the answer does not know, in sentences. */
export function unknownsOf(snapshot: Snapshot, samples: readonly Sample[]): readonly Text[] {
  return [
    ...pace(samples),
    ...search(snapshot),
    ...memory(snapshot),
    ...skew(snapshot),
    ...(snapshot.redis.role === 'replica'
      ? [say`This is a replica of Redis: it may lag behind what the workers see.`]
      : []),
  ];
}

function pace(samples: readonly Sample[]): readonly Text[] {
  const overMs = spanMs(newestStretch(samples, Number.MAX_SAFE_INTEGER));
  if (overMs === 0) return [say`Rates are unknown yet: this is the first look. Ask again in half a minute.`];
  if (overMs >= COUNTERS_NEED_MS) return [];
  return [say`Rates are rough: watched for only ${duration(overMs)} so far.`];
}

function search({ privateListSearch }: Snapshot): readonly Text[] {
  if (privateListSearch.isComplete) return [];
  return [say`The search for private lists is still under way: more jobs may be stranded than are shown.`];
}

function memory({ redis }: Snapshot): readonly Text[] {
  if (redis.usedMemoryBytes !== undefined && redis.maxMemoryBytes !== undefined) return [];
  return [say`Redis does not tell how full it is.`];
}

/** Ages come from the clocks of workers and clients; one that is far off makes them wrong. */
function skew({ processes, takenAtMs }: Snapshot): readonly Text[] {
  const skewed = processes.flatMap((process) => {
    const aheadMs = aheadOf(process, takenAtMs);
    return aheadMs !== undefined && Math.abs(aheadMs) > CLOCK_SKEW_MS ? [{ process, aheadMs }] : [];
  });
  const [worst] = skewed.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
  if (worst === undefined) return [];
  const by = duration(Math.abs(worst.aheadMs));
  const way = worst.aheadMs > 0 ? 'ahead of' : 'behind';
  const host = code(worst.process.hostname);
  return [
    say`The clock of ${host} is ${by} ${way} Redis's (${counted(skewed.length, 'process', 'processes')} in all): waits may be wrong by as much.`,
  ];
}

/** By the process's clock its last beat was at `beatAtMs`; by Redis's, as long ago as its TTL has run. */
function aheadOf({ state, beatAtMs, ttlMs }: Process, takenAtMs: number): number | undefined {
  if (state !== 'alive' || beatAtMs === undefined || ttlMs === undefined) return undefined;
  return beatAtMs - (takenAtMs - (FULL_TTL_MS - ttlMs));
}
