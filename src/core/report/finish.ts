import type { HistorySample } from '../history/sample.ts';
import { SPAN_MS } from '../history/sample.ts';
import type { Usual } from '../history/usual.ts';
import { gapAt, type Seen } from './seen.ts';

/** Did the night finish? Its work is a wave of waiting jobs: it has finished when the wave is back at the day's level. */
export type Finish =
  /** Nobody looked. */
  | { readonly type: 'unseen' }
  /** Nobody looked at its end, nor can anybody now. */
  | { readonly type: 'unknown'; readonly most: number; readonly mostAtMs: number }
  /** Nothing piled up. */
  | { readonly type: 'quiet'; readonly most: number }
  /** Nor was done what is usually done. */
  | { readonly type: 'idle'; readonly most: number }
  | { readonly type: 'finished'; readonly atMs: Moment; readonly most: number; readonly mostAtMs: number }
  | {
      readonly type: 'unfinished';
      readonly waiting: number;
      readonly sinceMs: Moment;
      readonly most: number;
      readonly mostAtMs: number;
    };

/** Undefined where it happened while nobody looked. */
type Moment = number | undefined;

/** So few jobs are no wave, whatever is usual. */
const CALM = 100;
/** Where nothing is usual yet: what is left of a wave when it has passed. */
const CALM_SHARE = 0.05;

/**
 * `usualNow` is what usually waits at the end of the samples; `waitingNow` what waits, if it is known better. `sight` says
 * when nobody looked: no time within that is named.
 */
export function finishOf(
  samples: readonly HistorySample[],
  sight: Seen,
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
  const mostAtMs = peak.atMs;
  const isEndUnseen = sight.gaps.some(({ toMs }) => toMs > last.endMs);
  if (waitingNow === undefined && isEndUnseen) return { type: 'unknown', most, mostAtMs };
  const known = (atMs: number): Moment => (gapAt(sight, atMs) === undefined ? atMs : undefined);
  const waiting = Math.round(waitingNow ?? last.size);
  if (waiting > calm) {
    const rose = seen.findLastIndex(({ size }) => size <= calm) + 1;
    return {
      type: 'unfinished',
      waiting,
      sinceMs: known(seen[rose]?.atMs ?? last.endMs),
      most: Math.max(most, waiting),
      mostAtMs,
    };
  }
  if (peak.mostSize <= calm) return { type: 'quiet', most };
  const stretch = seen.findLast(({ size, mostSize }) => Math.max(size, mostSize) > calm) ?? peak;
  return { type: 'finished', atMs: known(stretch.endMs), most, mostAtMs };
}
