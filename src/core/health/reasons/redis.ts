import { bytes, counted, duration, percent } from '../../amounts.ts';
import { code, say } from '../../reply/text.ts';
import type { Memory } from '../memory.ts';
import type { Figures, Reason } from '../reason.ts';
import {
  REDIS_CRITICAL_SHARE,
  REDIS_FULL_SOON_MS,
  REDIS_FULL_TODAY_MS,
  REDIS_TIGHT_SHARE,
  SLOW_PING_MS,
} from '../thresholds.ts';

/** Will Redis take the next job, keep the ones it has, and answer in time? */
export function redisReasons({ memory }: Figures): readonly Reason[] {
  return [...refuses(memory), ...fills(memory), ...evicts(memory), ...slow(memory)];
}

function refuses({ writes }: Memory): readonly Reason[] {
  if (writes.state !== 'refused') return [];
  return [
    {
      code: 'redis_refuses_writes',
      tone: 'bad',
      text: say`Redis refuses to write: no new job can be stored, and workers can't go on.`,
      detail: writes.reason === '' ? undefined : say`${sentence(writes.reason)}`,
      subjects: [],
    },
  ];
}

function fills(memory: Memory): readonly Reason[] {
  const { usedBytes, maxBytes, usedShare, fullInMs } = memory;
  if (usedBytes === undefined || maxBytes === undefined || usedShare === undefined) return [];
  const use = say`${bytes(usedBytes)} of ${bytes(maxBytes)} are used.`;
  const detail = fullInMs === undefined ? use : say`${use} At this pace it is full in ${duration(fullInMs)}.`;
  if (usedShare >= REDIS_TIGHT_SHARE) {
    const tone = usedShare >= REDIS_CRITICAL_SHARE ? 'bad' : 'warning';
    const text = say`Redis is nearly full: ${percent(usedBytes, maxBytes)} of its memory is used.`;
    return [{ code: 'redis_nearly_full', tone, text, detail, subjects: [] }];
  }
  if (fullInMs === undefined || fullInMs > REDIS_FULL_TODAY_MS) return [];
  const tone = fullInMs <= REDIS_FULL_SOON_MS ? 'bad' : 'warning';
  const text = say`Redis will be full in about ${duration(fullInMs)} at this pace; then no job can be stored.`;
  return [{ code: 'redis_full_soon', tone, text, detail: use, subjects: [] }];
}

/** Sidekiq wants noeviction, and warns at its start; without a limit nothing is ever evicted. Queues never expire. */
function evicts({ policy, evicts: what, evictedKeys = 0 }: Memory): readonly Reason[] {
  if (what === undefined || policy === undefined) return [];
  const mayBeJobs = what === 'any key';
  const text = mayBeJobs
    ? say`Redis is allowed to throw jobs away without a word when it runs full.`
    : say`Redis is allowed to throw away what expires when it runs full: heartbeats, locks, notes of who repairs it.`;
  const thrown =
    evictedKeys === 0
      ? say`It has thrown nothing away since it started.`
      : say`It has thrown ${counted(evictedKeys, 'key')} away since it started${mayBeJobs ? ': jobs may be among them' : ''}.`;
  return [
    {
      code: 'redis_evicts',
      tone: mayBeJobs && evictedKeys > 0 ? 'bad' : 'warning',
      text,
      detail: say`${thrown} Its ${code('maxmemory-policy')} is ${code(policy)}; Sidekiq needs ${code('noeviction')}.`,
      subjects: [],
    },
  ];
}

function slow({ pingMs }: Memory): readonly Reason[] {
  if (!(pingMs > SLOW_PING_MS)) return [];
  return [
    {
      code: 'redis_slow',
      tone: 'warning',
      text: say`Redis answers slowly, which slows every job down.`,
      detail: say`A ping took ${Math.round(pingMs)} ms from here; about 1 ms is usual in one network.`,
      subjects: [],
    },
  ];
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
