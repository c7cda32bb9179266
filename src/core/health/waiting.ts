import type { Figure } from '../history/figure.ts';
import type { SameHour } from '../history/same-hour.ts';
import { isUnusual } from '../history/unusual.ts';
import { type Usual, usualAt } from '../history/usual.ts';
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
  /** Jobs a minute that usually get done at this hour. */
  readonly usualDone: Usual | undefined;
  /** Those with jobs in them, longest wait first. */
  readonly queues: readonly WaitingQueue[];
  /** How many jobs usually wait at this hour; undefined while too little is known. */
  readonly usual: Usual | undefined;
  readonly emptyQueues: number;
  readonly scheduled: number;
  readonly usualScheduled: Usual | undefined;
};

export type WaitingQueue = {
  readonly name: string;
  readonly size: number;
  readonly latencyMs: number;
  readonly targetMs: number | undefined;
  /** Its size, and how long its next job usually waits, at this hour. */
  readonly usual: Usual | undefined;
  readonly usualWait: Usual | undefined;
  /** Who would take its jobs. Quieted: only processes that take no new ones. */
  readonly service: 'served' | 'quieted' | 'unserved' | 'paused';
  readonly motion: Motion;
  readonly headClass: string | undefined;
  /** Worth a line of its own; the others are well and only counted. */
  readonly needsNumber: boolean;
};

export function waitingOf(
  snapshot: Snapshot,
  samples: readonly Sample[],
  policy: SidekiqPolicy,
  sameHour: SameHour | undefined,
): Waiting {
  const filled = snapshot.queues.filter((queue) => queue.size > 0);
  const usualOf = (figure: Figure) => sameHour && usualAt(figure, sameHour);
  const queues = filled.map((queue) => waitingQueue(queue, snapshot, samples, policy, usualOf));
  return {
    jobs: filled.reduce((sum, queue) => sum + queue.size, 0),
    motion: totalMotion(samples),
    progress: progressOf(newestStretch(samples, TREND_WINDOW_MS)),
    usualDone: usualOf({ kind: 'processed' }),
    usual: usualOf({ kind: 'waiting' }),
    queues: queues.sort((a, b) => b.latencyMs - a.latencyMs || b.size - a.size),
    emptyQueues: snapshot.queues.length - filled.length,
    scheduled: snapshot.scheduledSet.size,
    usualScheduled: usualOf({ kind: 'scheduled set' }),
  };
}

function waitingQueue(
  queue: Queue,
  snapshot: Snapshot,
  samples: readonly Sample[],
  policy: SidekiqPolicy,
  usualOf: (figure: Figure) => Usual | undefined,
): WaitingQueue {
  const targetMs = latencyTargetMs(queue.name, policy);
  const service = serviceOf(queue, snapshot.processes);
  const motion = queueMotion(queue.name, samples);
  const latencyMs = Math.max(0, queue.latencyMs);
  const usual = usualOf({ kind: 'queue size', queue: queue.name });
  const needsNumber =
    service !== 'served' ||
    motion.type === 'stopped' ||
    queue.size >= MANY_WAITING ||
    isUnusual({ kind: 'queue size', queue: queue.name }, queue.size, usual) ||
    latencyMs > (targetMs ?? NOTICED_WAIT_MS);
  return {
    name: queue.name,
    size: queue.size,
    latencyMs,
    targetMs,
    usual,
    usualWait: usualOf({ kind: 'queue latency', queue: queue.name }),
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
