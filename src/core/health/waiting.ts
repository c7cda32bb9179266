import type { SidekiqPolicy } from '../policy.ts';
import type { Process, Queue, Snapshot } from '../sidekiq/snapshot.ts';
import { type Motion, queueMotion, totalMotion } from './motion.ts';
import { latencyTargetMs } from './promise.ts';
import type { Sample } from './sample.ts';
import { LONG_WAIT_MS, MANY_WAITING, NOTICED_WAIT_MS, TREND_WINDOW_MS } from './thresholds.ts';
import { newestStretch, type Progress, progressOf } from './trend.ts';

/** Question 1: how much waits, and does the fleet get through it? */
export type Waiting = {
  readonly jobs: number;
  readonly motion: Motion;
  /** Undefined until the samples cover two heartbeats. */
  readonly progress: Progress | undefined;
  /** Those with jobs in them, longest wait first. */
  readonly queues: readonly WaitingQueue[];
  readonly emptyQueues: number;
  readonly scheduled: number;
};

export type WaitingQueue = {
  readonly name: string;
  readonly size: number;
  readonly latencyMs: number;
  readonly targetMs: number | undefined;
  /** Who would take its jobs. Quieted: only processes that take no new ones. */
  readonly service: 'served' | 'quieted' | 'unserved' | 'paused';
  readonly motion: Motion;
  readonly headClass: string | undefined;
  /** Worth a line of its own; the others are well and only counted. */
  readonly needsNumber: boolean;
};

export function waitingOf(snapshot: Snapshot, samples: readonly Sample[], policy: SidekiqPolicy): Waiting {
  const filled = snapshot.queues.filter((queue) => queue.size > 0);
  const queues = filled.map((queue) => waitingQueue(queue, snapshot, samples, policy));
  return {
    jobs: filled.reduce((sum, queue) => sum + queue.size, 0),
    motion: totalMotion(samples),
    progress: progressOf(newestStretch(samples, TREND_WINDOW_MS)),
    queues: queues.sort((a, b) => b.latencyMs - a.latencyMs || b.size - a.size),
    emptyQueues: snapshot.queues.length - filled.length,
    scheduled: snapshot.scheduledSet.size,
  };
}

function waitingQueue(
  queue: Queue,
  snapshot: Snapshot,
  samples: readonly Sample[],
  policy: SidekiqPolicy,
): WaitingQueue {
  const targetMs = latencyTargetMs(queue.name, policy);
  const service = serviceOf(queue, snapshot.processes);
  const motion = queueMotion(queue.name, samples);
  const latencyMs = Math.max(0, queue.latencyMs);
  const needsNumber =
    service !== 'served' ||
    motion.type === 'stopped' ||
    queue.size >= MANY_WAITING ||
    latencyMs > (targetMs ?? NOTICED_WAIT_MS);
  return {
    name: queue.name,
    size: queue.size,
    latencyMs,
    targetMs,
    service,
    motion,
    headClass: queue.oldest?.jobClass,
    needsNumber,
  };
}

function serviceOf(queue: Queue, processes: readonly Process[]): WaitingQueue['service'] {
  if (queue.isPaused) return 'paused';
  // A process whose list could not be read may serve anything: no reason to say that nobody does.
  const serving = processes.filter(
    ({ state, queues }) => state === 'alive' && (queues.length === 0 || queues.includes(queue.name)),
  );
  if (serving.length === 0) return 'unserved';
  return serving.every(({ isQuiet }) => isQuiet) ? 'quieted' : 'served';
}

/** Waits longer than it was promised to; without a promise, longer than people notice. */
function isLate(queue: WaitingQueue): boolean {
  return queue.latencyMs > (queue.targetMs ?? LONG_WAIT_MS);
}

/** Its jobs wait long or are not taken at all, and it is not on its way out of that. */
export function isStarving(queue: WaitingQueue): boolean {
  if (queue.service !== 'served') return false;
  return queue.motion.type === 'stopped' || (isLate(queue) && queue.motion.type !== 'draining');
}
