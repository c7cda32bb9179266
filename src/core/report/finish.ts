import type { HistorySample } from '../history/sample.ts';
import { SPAN_MS } from '../history/sample.ts';
import type { Usual } from '../history/usual.ts';

/** Did the night finish? Its work is a wave of waiting jobs: it has finished when the wave is back at the day's level. */
export type Finish =
  /** Nobody looked. */
  | { readonly type: 'unseen' }
  /** Nothing piled up. */
  | { readonly type: 'quiet'; readonly most: number }
  | { readonly type: 'finished'; readonly atMs: number; readonly most: number; readonly mostAtMs: number }
  | {
      readonly type: 'unfinished';
      readonly waiting: number;
      readonly sinceMs: number;
      readonly most: number;
      readonly mostAtMs: number;
    };

/** So few jobs are no wave, whatever is usual. */
const CALM = 100;
/** Where nothing is usual yet: what is left of a wave when it has passed. */
const CALM_SHARE = 0.05;

/** `usualNow` is what usually waits at the end of the samples; `waitingNow` what waits, if it is known better. */
export function finishOf(
  samples: readonly HistorySample[],
  usualNow: Usual | undefined,
  waitingNow: number | undefined,
): Finish {
  const seen = samples.flatMap(({ atMs, resolution, waiting }) =>
    waiting === undefined ? [] : [{ atMs, endMs: atMs + SPAN_MS[resolution], ...waiting }],
  );
  const [first] = seen;
  const last = seen.at(-1);
  if (first === undefined || last === undefined) return { type: 'unseen' };
  const peak = seen.reduce((best, one) => (one.mostSize > best.mostSize ? one : best), first);
  const calm = Math.max(CALM, usualNow === undefined ? peak.mostSize * CALM_SHARE : usualNow.high);
  const most = Math.round(peak.mostSize);
  const waiting = Math.round(waitingNow ?? last.size);
  if (waiting > calm) {
    const rose = seen.findLastIndex(({ size }) => size <= calm) + 1;
    return {
      type: 'unfinished',
      waiting,
      sinceMs: (seen[rose] ?? last).atMs,
      most: Math.max(most, waiting),
      mostAtMs: peak.atMs,
    };
  }
  if (peak.mostSize <= calm) return { type: 'quiet', most };
  const stretch = seen.findLast(({ size, mostSize }) => Math.max(size, mostSize) > calm) ?? peak;
  return { type: 'finished', atMs: stretch.endMs, most, mostAtMs: peak.atMs };
}
