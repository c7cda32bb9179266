import { median } from '../figure.ts';
import type { Rss } from './replicas.ts';

/** Before this nothing can be said of growth: caches fill, the compiler warms. */
const TELLS_FROM_MS = 20 * 60_000;

export type Memory = {
  /** Of the replica that lived through all of it: the median of the last quarter by that of the second. */
  readonly growth: number;
  readonly medianMb: number;
  readonly mostMb: number;
  /** Too short a time for the growth to tell anything. */
  readonly isShort: boolean;
};

/** Whether memory is flat, by the replica that was never ended. */
export function judgeMemory(samples: readonly Rss[], elder: string): Memory {
  const own = samples.filter(({ replica }) => replica === elder);
  const longestMs = Math.max(0, ...own.map(({ ageMs }) => ageMs));
  const quarter = (nth: number) =>
    median(
      own
        .filter(({ ageMs }) => ageMs > (longestMs * (nth - 1)) / 4 && ageMs <= (longestMs * nth) / 4)
        .map(({ mb }) => mb),
    );
  return {
    growth: quarter(4) / quarter(2),
    medianMb: quarter(4),
    mostMb: Math.max(0, ...samples.map(({ mb }) => mb)),
    isShort: longestMs < TELLS_FROM_MS,
  };
}
