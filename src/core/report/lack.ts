import { type HistorySample, SPAN_MS } from '../history/sample.ts';
import { usualLeast } from '../history/unusual.ts';
import type { Usual } from '../history/usual.ts';
import type { UsualOf } from './night.ts';

/** Hours in which far less was done, or waited, than ever: a nightly run that did not start piles nothing up. */
export type Lack = {
  readonly kind: 'processed' | 'waiting';
  readonly fromMs: number;
  readonly untilMs: number;
  /** Jobs done in all of it; or jobs that waited, on average. */
  readonly jobs: number;
  readonly usualJobs: number;
};

/** What is usual is known of whole hours; of one that was hardly seen, nothing can be missed. */
const NEEDS_MINUTES = 50;
/** What begins or ends so much earlier or later than usual is not missing. */
const MOVED_MS = 30 * 60_000;
/** What comes on other days need not come on this one: on a holiday, and in the first weeks of a weekend. */
const SURE_BASES: readonly Usual['basis'][] = ['same weekday', 'workdays'];

/** In order. Where too little was done, that it did not wait either is not said as well. */
export function lacksOf(
  samples: readonly HistorySample[],
  startsMs: readonly number[],
  usualOf: UsualOf,
): readonly Lack[] {
  const done = lacksIn('processed', samples, startsMs, usualOf);
  const waiting = lacksIn('waiting', samples, startsMs, usualOf);
  const isSaid = (lack: Lack): boolean =>
    done.some(({ fromMs, untilMs }) => fromMs < lack.untilMs && lack.fromMs < untilMs);
  return [...done, ...waiting.filter((lack) => !isSaid(lack))].sort((a, b) => a.fromMs - b.fromMs);
}

/** Hours in a row are one lack, if in one of them at least nothing has only moved. */
function lacksIn(
  kind: Lack['kind'],
  samples: readonly HistorySample[],
  startsMs: readonly number[],
  usualOf: UsualOf,
): readonly Lack[] {
  const found: { readonly lack: Lack; readonly isSure: boolean }[] = [];
  for (const fromMs of startsMs) {
    const usual = usualOf({ kind }, fromMs);
    if (usual === undefined) continue;
    const isLow = (movedMs: number): boolean => {
      const hour = hourFrom(fromMs + movedMs, samples);
      if (hour === undefined) return false;
      const value = kind === 'processed' ? hour.processed / hour.minutes : hour.waiting;
      return isFarBelow(kind, value, usual);
    };
    const hour = hourFrom(fromMs, samples);
    if (hour === undefined || hour.minutes < NEEDS_MINUTES || !isLow(0)) continue;
    const lack = lackIn(kind, hour, fromMs, usual.median);
    const isSure = isLow(-MOVED_MS) && isLow(MOVED_MS);
    const before = found.at(-1);
    if (before?.lack.untilMs === fromMs)
      found[found.length - 1] = { lack: joined(before.lack, lack), isSure: isSure || before.isSure };
    else found.push({ lack, isSure });
  }
  return found.flatMap(({ lack, isSure }) => (isSure ? [lack] : []));
}

type Hour = { readonly minutes: number; readonly processed: number; readonly waiting: number };

/** What was seen of the hour that begins then. */
function hourFrom(fromMs: number, samples: readonly HistorySample[]): Hour | undefined {
  let [minutes, processed, waited] = [0, 0, 0];
  for (const sample of samples) {
    if (sample.atMs < fromMs || sample.atMs >= fromMs + SPAN_MS.hour || !sample.waiting) continue;
    minutes += sample.minutes;
    processed += sample.processed;
    waited += sample.waiting.size * sample.minutes;
  }
  return minutes === 0 ? undefined : { minutes, processed, waiting: waited / minutes };
}

function isFarBelow(kind: Lack['kind'], value: number, usual: Usual): boolean {
  if (!usual.knowsWeekday || !SURE_BASES.includes(usual.basis)) return false;
  const least = usualLeast({ kind }, usual);
  return least !== undefined && value < least;
}

function lackIn(kind: Lack['kind'], hour: Hour, fromMs: number, median: number): Lack {
  const untilMs = fromMs + SPAN_MS.hour;
  return kind === 'processed'
    ? { kind, fromMs, untilMs, jobs: hour.processed, usualJobs: median * (SPAN_MS.hour / SPAN_MS.minute) }
    : { kind, fromMs, untilMs, jobs: hour.waiting, usualJobs: median };
}

function joined(one: Lack, next: Lack): Lack {
  const [jobs, usualJobs] =
    one.kind === 'processed'
      ? [one.jobs + next.jobs, one.usualJobs + next.usualJobs]
      : // What waits for an hour more is not more: the larger here, the smaller there errs towards saying less.
        [Math.max(one.jobs, next.jobs), Math.min(one.usualJobs, next.usualJobs)];
  return { ...one, untilMs: next.untilMs, jobs, usualJobs };
}
