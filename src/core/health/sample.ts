import type { Snapshot } from '../sidekiq/snapshot.ts';

/** The figures of one snapshot that are compared over time. */
export type Sample = {
  readonly atMs: number;
  readonly queueSizes: ReadonlyMap<string, number>;
  /** When the next job of each waiting queue was enqueued: it stays the same while nobody takes it. */
  readonly queueHeadsAtMs: ReadonlyMap<string, number>;
  readonly retrySetSize: number;
  readonly scheduledSetSize: number;
  readonly deadSetSize: number;
  readonly processed: number;
  readonly failed: number;
  readonly busy: number;
  readonly usedMemoryBytes: number | undefined;
  /** Identities that were alive, to see how many ended between two samples. */
  readonly aliveIdentities: ReadonlySet<string>;
  /** Silent or dead ones: they left without taking their name from the register, so they were killed or cut off. */
  readonly lostIdentities: ReadonlySet<string>;
  /** Ones on their way out: lost after that, they were killed while stopping, which is no crash (reference 4.5). */
  readonly quietIdentities: ReadonlySet<string>;
};

export function sampleOf(snapshot: Snapshot): Sample {
  const alive = snapshot.processes.filter((process) => process.state === 'alive');
  const lost = snapshot.processes.filter((process) => process.state !== 'alive');
  const quiet = snapshot.processes.filter((process) => process.isQuiet);
  // A queue whose next job has no time says a latency of 0: it has no head to compare.
  const headed = snapshot.queues.filter((queue) => queue.size > 0 && queue.latencyMs > 0);
  return {
    atMs: snapshot.takenAtMs,
    queueSizes: new Map(snapshot.queues.map((queue) => [queue.name, queue.size])),
    queueHeadsAtMs: new Map(headed.map((queue) => [queue.name, snapshot.takenAtMs - queue.latencyMs])),
    retrySetSize: snapshot.retrySet.size,
    scheduledSetSize: snapshot.scheduledSet.size,
    deadSetSize: snapshot.deadSet.size,
    processed: snapshot.counters.processed,
    failed: snapshot.counters.failed,
    busy: alive.reduce((sum, process) => sum + process.busy, 0),
    usedMemoryBytes: snapshot.redis.usedMemoryBytes,
    aliveIdentities: new Set(alive.map((process) => process.identity)),
    lostIdentities: new Set(lost.map((process) => process.identity)),
    quietIdentities: new Set(quiet.map((process) => process.identity)),
  };
}
