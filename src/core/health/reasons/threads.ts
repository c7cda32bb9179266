import { counted, duration, exact } from '../../amounts.ts';
import { bold, code, say, type Text } from '../../reply/text.ts';
import { keepDying } from '../losses.ts';
import type { Figures, Reason } from '../reason.ts';
import type { Filler } from '../running.ts';
import { STOPPED_AFTER_MS } from '../thresholds.ts';
import { isStarving, type WaitingQueue } from '../waiting.ts';

/**
 * One class holds most threads, and others pay for it. A fleet that works through a batch of one class while its
 * queues drain is well. Whether that class kills processes is for `suspects` to say.
 */
export function threadReasons(figures: Figures): readonly Reason[] {
  const { waiting, running, losses } = figures;
  const { filler } = running;
  if (filler === undefined || waiting.jobs === 0) return [];
  const starving = waiting.queues.filter(isStarving);
  const isDying = keepDying(losses, running.processes);
  const isStuck = waiting.progress?.processed === 0 && waiting.progress.overMs >= STOPPED_AFTER_MS;
  if (starving.length === 0 && !isDying && !isStuck) return [];
  const othersStarve = starving.some(({ headClass }) => headClass !== filler.jobClass);
  const isBad = isDying || isStuck || (othersStarve && filler.othersRun === 0);
  return [
    {
      code: 'one_class_holds_threads',
      tone: isBad ? 'bad' : 'warning',
      text: textOf(filler, waiting.jobs, isStuck || starving.length > 0),
      detail: detailOf(figures, filler, starving),
      subjects: [filler.jobClass],
    },
  ];
}

function textOf(filler: Filler, jobs: number, isNotDone: boolean): Text {
  const verdict = isNotDone ? 'Jobs are not getting done. ' : '';
  const threads = bold(`${exact(filler.threads)} of ${exact(filler.ofThreads)} threads`);
  const waits = counted(jobs, 'job waits', 'jobs wait');
  if (filler.seen === 'last') {
    return say`${verdict}${code(filler.jobClass)} was in ${threads} when the worker processes last reported; ${waits}.`;
  }
  if (filler.othersRun === 0) {
    return say`${verdict}${code(filler.jobClass)} holds ${threads}; ${waits} and nothing else runs.`;
  }
  return say`${verdict}${code(filler.jobClass)} holds ${threads}; ${waits} for the rest.`;
}

function detailOf({ running }: Figures, filler: Filler, starving: readonly WaitingQueue[]): Text | undefined {
  const own = running.classes.find(({ jobClass }) => jobClass === filler.jobClass);
  const [hungriest] = starving;
  const runs =
    own?.longestMs === undefined
      ? say``
      : say`It runs in ${counted(own.processes, 'process', 'processes')}, the longest for ${duration(own.longestMs)}.`;
  if (hungriest === undefined) return runs.length === 0 ? undefined : runs;
  const gap = runs.length === 0 ? '' : ' ';
  return say`${runs}${gap}The next job in ${code(hungriest.name)} has waited ${duration(hungriest.latencyMs)}.`;
}
