import type { RescueOrder } from '../../ports/acting.ts';
import { batches } from '../step-size.ts';
import { type Judged, judge } from './fate.ts';
import { type ListWindow, markOf } from './list-window.ts';

/** One call of a script holds Redis for about a millisecond. */
const CALL_JOBS = 500;

/** What one call does, and how the list must look for it. */
export type PlannedCall = {
  readonly mark: string;
  /** At the old end, judged before these and staying. */
  readonly kept: number;
  /** The oldest first. */
  readonly jobs: readonly Judged[];
};

export type PlannedWindow = {
  readonly calls: readonly PlannedCall[];
  /** So many stay at the old end when all calls are done. */
  readonly kept: number;
  /** More jobs are meant than there is room for. */
  readonly isOverCap: boolean;
};

/**
 * Judges the old end of a list and cuts it into calls. Each call's mark is how the list stands when those before it are
 * done: shorter, and with the oldest job that is left at its end.
 */
export function planCalls(
  window: ListWindow,
  keptBefore: number,
  room: number,
  order: Pick<RescueOrder, 'keep' | 'archive'>,
): PlannedWindow {
  const judged = window.jobs.map((payload) => judge(payload, order));
  const fitting = upTo(room, judged);
  let kept = keptBefore;
  let length = window.length;
  let oldest = window.oldest;
  let taken = 0;
  const calls: PlannedCall[] = [];
  for (const jobs of batches(fitting, CALL_JOBS)) {
    const staying = jobs.filter(({ fate }) => fate === 'keep');
    if (staying.length < jobs.length) calls.push({ mark: markOf(length, window.newest, oldest), kept, jobs });
    length -= jobs.length - staying.length;
    taken += jobs.length;
    // The first that stays is the oldest from then on.
    if (kept === 0) oldest = staying[0]?.payload ?? fitting[taken]?.payload ?? oldest;
    kept += staying.length;
  }
  return { calls, kept, isOverCap: fitting.length < judged.length };
}

/** The first of them that hold no more than `room` jobs to be moved or archived. */
function upTo(room: number, judged: readonly Judged[]): readonly Judged[] {
  let left = room;
  for (const [index, { fate }] of judged.entries()) {
    if (fate === 'keep') continue;
    if (left <= 0) return judged.slice(0, index);
    left -= 1;
  }
  return judged;
}
