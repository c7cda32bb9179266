import type { Health } from '../health/assess.ts';
import { BROKEN_NEEDS, BROKEN_SHARE, FAILING_NEEDS } from '../health/thresholds.ts';
import { usualLimit } from '../history/unusual.ts';
import type { Seen } from './lasting.ts';

const OPEN_AFTER_MS = 2 * 60_000;
/** The share is of the last quarter of an hour, so it falls slowly by itself. */
const CLOSE_AFTER_MS = 2 * 60_000;
const END_SHARE = 0.8;

/** More of the jobs fail than usually do at this hour. */
export function seeFailing({ errors }: Health): Seen {
  const { progress, usualShare } = errors;
  const failed = progress?.failed ?? 0;
  const processed = Math.max(progress?.processed ?? 0, failed);
  const share = processed === 0 ? 0 : failed / processed;
  const limit = usualShare === undefined ? BROKEN_SHARE : usualLimit({ kind: 'failure share' }, usualShare);
  const needs = usualShare === undefined ? BROKEN_NEEDS : FAILING_NEEDS;
  const isBad = failed >= needs && share > Math.min(limit, BROKEN_SHARE);
  const isCalm = share <= END_SHARE * Math.min(limit, BROKEN_SHARE);
  return {
    key: 'failing',
    trouble:
      progress === undefined || isCalm
        ? undefined
        : {
            kind: 'failing',
            failed,
            processed,
            overMs: progress.overMs,
            mostShare: share,
            ...(usualShare === undefined ? {} : { usualShare: usualShare.median }),
          },
    state: isBad ? 'bad' : isCalm ? 'calm' : 'between',
    openAfterMs: OPEN_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}
