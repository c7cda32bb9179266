import type { WaitingQueue } from '../health/waiting.ts';
import type { QueueInTrouble } from './trouble.ts';

/** A message names as many. */
const NAMED = 5;

/** The biggest of them by name, and how many there are. */
export function queuesInTrouble(queues: readonly WaitingQueue[]): {
  readonly queues: readonly QueueInTrouble[];
  readonly queueCount: number;
} {
  const named = queues.toSorted((a, b) => b.size - a.size).slice(0, NAMED);
  return {
    queueCount: queues.length,
    queues: named.map(({ name, size, latencyMs, usual, targetMs }) => ({
      name,
      size,
      latencyMs,
      ...(usual === undefined ? {} : { usualSize: usual.median }),
      ...(targetMs === undefined ? {} : { targetMs }),
    })),
  };
}

export function jobsIn(queues: readonly WaitingQueue[]): number {
  return queues.reduce((sum, { size }) => sum + size, 0);
}
