import { counted, duration, exact, perMinute } from '../../amounts.ts';
import { code, codes, say, type Text } from '../../reply/text.ts';
import type { Motion } from '../motion.ts';
import type { Figures, Reason, ReasonCode } from '../reason.ts';
import {
  BADLY_LATE_FACTOR,
  LONG_WAIT_MS,
  MANY_WAITING,
  SOON_EMPTY_MS,
  UNSERVED_INCIDENT_JOBS,
} from '../thresholds.ts';
import type { WaitingQueue } from '../waiting.ts';

/** One sentence names as many queues; the table below has them all. */
const NAMED_QUEUES = 3;

type Trouble = { readonly queue: WaitingQueue; readonly code: ReasonCode; readonly tone: Reason['tone'] };

/** Each queue is in one trouble at most, the one that explains its wait best; queues in the same trouble share a reason. */
export function queueReasons({ waiting, running }: Figures): readonly Reason[] {
  // Without a live, listening process every queue waits for the same reason, which fleet.ts gives.
  if (running.processes === running.quietProcesses) return pausedOnly(waiting.queues);
  const troubles = waiting.queues.flatMap((queue) => troubleOf(queue) ?? []);
  return reasonsOf(troubles);
}

function pausedOnly(queues: readonly WaitingQueue[]): readonly Reason[] {
  return reasonsOf(
    queues.filter(({ service }) => service === 'paused').flatMap((queue) => troubleOf(queue) ?? []),
  );
}

function troubleOf(queue: WaitingQueue): Trouble | undefined {
  const hasMissedTarget = queue.targetMs !== undefined && queue.latencyMs > queue.targetMs;
  const trouble = (code: ReasonCode, isBad: boolean): Trouble => ({
    queue,
    code,
    tone: isBad ? 'bad' : 'warning',
  });
  switch (queue.service) {
    case 'paused':
      return trouble('queue_paused', false);
    case 'unserved':
      return trouble('queue_unserved', hasMissedTarget || queue.size >= UNSERVED_INCIDENT_JOBS);
    case 'quieted':
      return trouble('queue_quieted', false);
    case 'served':
      if (queue.motion.type === 'stopped') {
        return trouble('queue_stopped', hasMissedTarget || queue.size >= MANY_WAITING);
      }
      if (queue.targetMs !== undefined) {
        const isBadly = queue.latencyMs > queue.targetMs * BADLY_LATE_FACTOR;
        return hasMissedTarget ? trouble('queue_late', isBadly) : undefined;
      }
      return queue.latencyMs > LONG_WAIT_MS && !isSoonEmpty(queue.motion)
        ? trouble('queue_waits_long', false)
        : undefined;
    default:
      return queue.service satisfies never;
  }
}

function isSoonEmpty(motion: Motion): boolean {
  return motion.type === 'draining' && motion.emptyInMs <= SOON_EMPTY_MS;
}

function reasonsOf(troubles: readonly Trouble[]): readonly Reason[] {
  const groups = Map.groupBy(troubles, ({ code }) => code);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const queues = group.map(({ queue }) => queue).toSorted((a, b) => b.size - a.size);
    const [biggest] = queues;
    if (biggest === undefined) return [];
    return [
      {
        code: first.code,
        tone: group.some(({ tone }) => tone === 'bad') ? 'bad' : 'warning',
        text: queues.length === 1 ? textOf(first.code, biggest) : textOfMany(first.code, queues),
        detail: detailOf(biggest),
        subjects: queues.map(({ name }) => name),
      },
    ];
  });
}

function textOf(trouble: ReasonCode, queue: WaitingQueue): Text {
  const name = code(queue.name);
  const jobs = counted(queue.size, 'job waits', 'jobs wait');
  const waited = duration(queue.latencyMs);
  switch (trouble) {
    case 'queue_paused':
      return say`${name} is paused; ${jobs} in it.`;
    case 'queue_unserved':
      return say`No worker process serves ${name}, where ${jobs}.`;
    case 'queue_quieted':
      return say`Only processes that take no new jobs serve ${name}, where ${jobs}.`;
    case 'queue_stopped': {
      const forMs = queue.motion.type === 'stopped' ? queue.motion.forMs : 0;
      return say`${name} stands still: nothing was taken from it for ${duration(forMs)}, and ${jobs}.`;
    }
    case 'queue_late':
      return say`${name} is late: its next job has waited ${waited}, where ${duration(queue.targetMs ?? 0)} is promised.`;
    default:
      return say`${name} is slow: ${jobs}, the next one for ${waited} already.`;
  }
}

function textOfMany(trouble: ReasonCode, queues: readonly WaitingQueue[]): Text {
  const jobs = queues.reduce((sum, { size }) => sum + size, 0);
  const which = named(queues);
  const waits = counted(jobs, 'job waits', 'jobs wait');
  const count = exact(queues.length);
  switch (trouble) {
    case 'queue_paused':
      return say`${count} queues are paused, and ${waits} in them: ${which}.`;
    case 'queue_unserved':
      return say`No worker process serves ${count} queues in which ${waits}: ${which}.`;
    case 'queue_quieted':
      return say`Only processes that take no new jobs serve ${count} queues in which ${waits}: ${which}.`;
    case 'queue_stopped':
      return say`${count} queues stand still, and ${waits} in them: ${which}.`;
    case 'queue_late':
      return say`${count} queues are later than promised: ${which}.`;
    default:
      return say`${count} queues are slow, and ${waits} in them: ${which}.`;
  }
}

function named(queues: readonly WaitingQueue[]): Text {
  const shown = queues.slice(0, NAMED_QUEUES).map(({ name }) => name);
  const rest = queues.length - shown.length;
  return rest > 0 ? say`${codes(shown)} and ${exact(rest)} more` : codes(shown);
}

function detailOf({ motion, name }: WaitingQueue): Text | undefined {
  switch (motion.type) {
    case 'growing':
      return say`${code(name)} grows by ${perMinute(motion.perMinute)}.`;
    case 'stopped':
      return motion.growsPerMinute > 0
        ? say`${code(name)} grows by ${perMinute(motion.growsPerMinute)}.`
        : undefined;
    case 'draining':
      return say`At this pace ${code(name)} is empty in ${duration(motion.emptyInMs)}.`;
    case 'steady':
      return say`${code(name)} is not draining.`;
    case 'unknown':
      return undefined;
    default:
      return motion satisfies never;
  }
}
