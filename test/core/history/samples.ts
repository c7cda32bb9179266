import { type HistorySample, NO_ENDS } from '../../../src/core/history/sample.ts';

/** A sample of a quiet minute, with what the test is about in place of it. */
export function sampleAt(atMs: number, over: Partial<HistorySample> = {}): HistorySample {
  return {
    atMs,
    resolution: 'minute',
    minutes: 1,
    waiting: { size: 0, mostSize: 0 },
    queues: new Map(),
    retrySetSize: 0,
    scheduledSetSize: 0,
    deadSetSize: 0,
    processed: 60,
    failed: 0,
    threads: 10,
    busy: 5,
    busyByClass: new Map(),
    usedMemoryBytes: 50 * 1024 ** 2,
    maxMemoryBytes: 1024 ** 3,
    ends: NO_ENDS,
    ...over,
  };
}

/** A ten-minute sample in which so many jobs waited, in one queue. */
export function waitingAt(atMs: number, size: number, mostSize = size): HistorySample {
  return sampleAt(atMs, {
    resolution: 'ten minutes',
    minutes: 10,
    processed: 600,
    waiting: { size, mostSize },
    queues: size === 0 ? new Map() : new Map([['default', { size, mostSize, latencyMs: size * 10 }]]),
  });
}
