import type { Health } from '../health/assess.ts';
import type { Motion } from '../health/motion.ts';
import { LONG_WAIT_MS, MANY_WAITING, SOON_EMPTY_MS } from '../health/thresholds.ts';
import type { WaitingQueue } from '../health/waiting.ts';
import { usualLimit } from '../history/unusual.ts';
import type { Seen } from './lasting.ts';
import { queuesInTrouble } from './queues-in-trouble.ts';

/**
 * The farther beyond, the sooner it is told. A burst that is hardly unusual, or has some hundred jobs, is mostly gone before
 * anybody has looked.
 */
const FAR_BEYOND = 3;
const FAR_AFTER_MS = 2 * 60_000;
const NEAR_AFTER_MS = 10 * 60_000;
const CLOSE_AFTER_MS = 3 * 60_000;
/** It ends below this part of where it begins, so that what hovers about the limit is one trouble. */
const END_SHARE = 0.8;
/**
 * Where nothing is known of what is usual, only what anybody would call a backlog is one; in the first week that holds of what
 * other days did not have, for any weekday may have work of its own.
 */
const UNKNOWN_FACTOR = 6;

/** More waits than usually does at this hour, or longer than was promised, and it does not drain. */
export function seeBacklog({ waiting }: Health): Seen {
  const whole = excessOf(waiting.jobs, waiting.usual);
  const beyond = waiting.queues
    .filter(({ service }) => service === 'served')
    .map((queue) => ({ queue, excess: queueExcess(queue) }))
    .filter(({ excess }) => excess > END_SHARE);
  const worst = Math.max(whole, 0, ...beyond.map(({ excess }) => excess));
  const isDraining =
    isSoonEmpty(waiting.motion) || (whole <= 1 && beyond.every(({ queue }) => isSoonEmpty(queue.motion)));
  const isFar =
    (whole >= FAR_BEYOND && waiting.jobs >= MANY_WAITING) ||
    beyond.some(
      ({ queue, excess }) =>
        excess >= FAR_BEYOND && (queue.targetMs !== undefined || queue.size >= MANY_WAITING),
    );
  const { jobs, usual, motion } = waiting;
  return {
    key: 'backlog',
    trouble:
      worst <= END_SHARE
        ? undefined
        : {
            kind: 'backlog',
            ...queuesInTrouble(beyond.length > 0 ? beyond.map(({ queue }) => queue) : waiting.queues),
            jobs,
            mostJobs: jobs,
            ...(usual === undefined ? {} : { usualJobs: usual.median }),
            ...paceOf(motion),
          },
    state: worst > 1 && !isDraining ? 'bad' : worst > END_SHARE ? 'between' : 'calm',
    openAfterMs: isFar ? FAR_AFTER_MS : NEAR_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}

/** How many times as much as may be. Promised is promised, whatever is usual. */
function queueExcess(queue: WaitingQueue): number {
  const { name, size, latencyMs, targetMs, usual, motion } = queue;
  if (targetMs !== undefined) return latencyMs / targetMs;
  const beyondUsual =
    usual === undefined
      ? Number.POSITIVE_INFINITY
      : size / usualLimit({ kind: 'queue size', queue: name }, usual);
  if (usual?.knowsWeekday) return beyondUsual;
  const isLong = size >= MANY_WAITING && motion.type !== 'draining';
  return Math.min(beyondUsual, isLong ? latencyMs / (UNKNOWN_FACTOR * LONG_WAIT_MS) : 0);
}

function excessOf(jobs: number, usual: Health['waiting']['usual']): number {
  return usual?.knowsWeekday ? jobs / usualLimit({ kind: 'waiting' }, usual) : 0;
}

function isSoonEmpty(motion: Motion): boolean {
  return motion.type === 'draining' && motion.emptyInMs <= SOON_EMPTY_MS;
}

function paceOf(motion: Motion): { readonly perMinute?: number; readonly emptyInMs?: number } {
  switch (motion.type) {
    case 'draining':
      return { perMinute: -motion.perMinute, emptyInMs: motion.emptyInMs };
    case 'growing':
      return { perMinute: motion.perMinute };
    case 'stopped':
      return { perMinute: motion.growsPerMinute };
    case 'steady':
      return { perMinute: 0 };
    case 'unknown':
      return {};
    default:
      return motion satisfies never;
  }
}
