import { bytes, counted, duration, percent, short } from '../amounts.ts';
import type { Calendar } from '../history/calendar.ts';
import type { Figure } from '../history/figure.ts';
import { type Line, named } from '../reply/line.ts';
import { bold, say, type Text } from '../reply/text.ts';
import type { Lack } from './lack.ts';
import { clockTime } from './night.ts';
import { gapAt, type Seen } from './seen.ts';
import type { Stretch } from './unusual.ts';

/** "`default`: up to 312 k jobs waiting from 01:10 to 05:40, usually at most 4,000". */
export function stretchLine(stretch: Stretch, seen: Seen, calendar: Calendar): Line {
  const { figure, fromMs, untilMs, isOver, most, limit, isPromise } = stretch;
  const from = clockTime(fromMs, calendar);
  const gap = gapAt(seen, untilMs);
  const isKnown = isOver || gap !== undefined;
  const until = `${gap === undefined ? '' : 'at least '}${clockTime(Math.min(untilMs, gap?.fromMs ?? untilMs), calendar)}`;
  const when = isKnown ? `from ${from} to ${until}` : `since ${from}, until now`;
  const against = isPromise ? `promised ${shown(figure, limit)}` : `usually at most ${shown(figure, limit)}`;
  return {
    tone: isKnown ? 'warning' : 'bad',
    text: say`${whatOf(figure)} up to ${bold(shown(figure, most))} ${when}, ${against}.`,
  };
}

/** "From 02:00 to 04:00 only 12 jobs done, usually 40 k in that time." */
export function lackLine({ kind, fromMs, untilMs, jobs, usualJobs }: Lack, calendar: Calendar): Line {
  const when = `From ${clockTime(fromMs, calendar)} to ${clockTime(untilMs, calendar)}`;
  const count = bold(counted(Math.round(jobs), 'job'));
  const usually = short(Math.round(usualJobs));
  const text =
    kind === 'processed'
      ? say`${when} only ${count} done, usually ${usually} in that time.`
      : say`${when} only ${count} waited, usually ${usually} at that time.`;
  return { tone: 'warning', text };
}

function whatOf(figure: Figure): Text {
  switch (figure.kind) {
    case 'queue size':
      return say`Jobs waiting in ${named(figure.queue)}:`;
    case 'queue latency':
      return say`The next job of ${named(figure.queue)} had waited`;
    case 'busy class':
      return say`Threads busy with ${named(figure.jobClass)}:`;
    case 'waiting':
      return say`Jobs waiting:`;
    case 'retry set':
      return say`Jobs in the retry set:`;
    case 'scheduled set':
      return say`Jobs in the scheduled set:`;
    case 'dead set':
      return say`Jobs in the dead set:`;
    case 'processed':
      return say`Jobs done a minute:`;
    case 'failed':
      return say`Jobs failed a minute:`;
    case 'failure share':
      return say`Failing jobs:`;
    case 'busy':
      return say`Busy threads:`;
    case 'memory':
      return say`Memory of Redis:`;
    case 'crashes':
      return say`Crashes a minute:`;
    default:
      return figure satisfies never;
  }
}

function shown({ kind }: Figure, value: number): string {
  if (kind === 'queue latency') return duration(value);
  if (kind === 'memory') return bytes(value);
  return kind === 'failure share' ? percent(value, 1) : short(Math.round(value));
}
