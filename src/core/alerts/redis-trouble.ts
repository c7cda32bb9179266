import type { Health } from '../health/assess.ts';
import { REDIS_FULL_SOON_MS, REDIS_TIGHT_SHARE } from '../health/thresholds.ts';
import type { Seen } from './lasting.ts';

/** A night is long enough to do something about it; farther ahead no rate of some minutes can see. */
const FULL_WITHIN_MS = 4 * 3_600_000;
/** The sooner it is full, the less may be waited to see whether the growth goes on. */
const SOON_AFTER_MS = 3 * 60_000;
const LATER_AFTER_MS = 15 * 60_000;
/** Growth in an empty Redis is a queue that fills for a moment. */
const NEEDS_SHARE = 0.3;
const CALM_SHARE = 0.85;
const CALM_FULL_MS = 12 * 3_600_000;
const CLOSE_AFTER_MS = 10 * 60_000;

/** Redis is full, nearly, or within hours at this rate. */
export function seeRedisFull({ memory }: Health): Seen {
  const { usedBytes, maxBytes, usedShare, fullInMs } = memory;
  const isTight = usedShare !== undefined && usedShare >= REDIS_TIGHT_SHARE;
  const isFilling =
    usedShare !== undefined &&
    usedShare >= NEEDS_SHARE &&
    fullInMs !== undefined &&
    fullInMs <= FULL_WITHIN_MS;
  const isCalm =
    usedShare === undefined ||
    (usedShare < CALM_SHARE &&
      (fullInMs === undefined || fullInMs > CALM_FULL_MS || usedShare < NEEDS_SHARE));
  const isSoon = isTight || (fullInMs !== undefined && fullInMs <= REDIS_FULL_SOON_MS);
  return {
    key: 'redis full',
    trouble:
      usedBytes === undefined || maxBytes === undefined
        ? undefined
        : {
            kind: 'redis full',
            usedBytes,
            maxBytes,
            ...(fullInMs === undefined ? {} : { fullInMs }),
          },
    state: isTight || isFilling ? 'bad' : isCalm ? 'calm' : 'between',
    openAfterMs: isSoon ? SOON_AFTER_MS : LATER_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}

/** A failover takes some seconds. */
const REFUSES_AFTER_MS = 30_000;
const ACCEPTS_AFTER_MS = 60_000;

/** Redis takes no new job. */
export function seeRedisRefuses({ memory }: Health): Seen {
  const { state, reason } = memory.writes;
  return {
    key: 'redis refuses',
    trouble: state === 'refused' ? { kind: 'redis refuses', reason } : undefined,
    state: state === 'refused' ? 'bad' : state === 'accepted' ? 'calm' : 'between',
    openAfterMs: REFUSES_AFTER_MS,
    closeAfterMs: ACCEPTS_AFTER_MS,
  };
}
