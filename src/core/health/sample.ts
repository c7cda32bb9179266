import type { Snapshot } from '../sidekiq/snapshot.ts';

/** The figures of one snapshot that are compared over time. */
export type Sample = {
  readonly atMs: number;
  readonly queueSizes: ReadonlyMap<string, number>;
  readonly retrySetSize: number;
  readonly scheduledSetSize: number;
  readonly deadSetSize: number;
  readonly processed: number;
  readonly failed: number;
  readonly busy: number;
  readonly usedMemoryBytes: number | undefined;
  /** Identities that were alive, to see how many ended between two samples. */
  readonly aliveIdentities: ReadonlySet<string>;
};

export function sampleOf(snapshot: Snapshot): Sample {
  const alive = snapshot.processes.filter((process) => process.state === 'alive');
  return {
    atMs: snapshot.takenAtMs,
    queueSizes: new Map(snapshot.queues.map((queue) => [queue.name, queue.size])),
    retrySetSize: snapshot.retrySet.size,
    scheduledSetSize: snapshot.scheduledSet.size,
    deadSetSize: snapshot.deadSet.size,
    processed: snapshot.counters.processed,
    failed: snapshot.counters.failed,
    busy: alive.reduce((sum, process) => sum + process.busy, 0),
    usedMemoryBytes: snapshot.redis.usedMemoryBytes,
    aliveIdentities: new Set(alive.map((process) => process.identity)),
  };
}
