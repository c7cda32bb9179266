import { bytes, duration, percent } from '../amounts.ts';
import { DAY_MS } from '../history/calendar.ts';
import { type Line, named } from '../reply/line.ts';
import { say } from '../reply/text.ts';
import type { ClassFigures, ClassMorning } from './class-figures.ts';

/** Fewer jobs than this say nothing about a class. */
const NEEDS_ENDED = 20;
/** What fails less often than this is weather. */
const FAILS = 0.05;
const TWICE = 2;
/** Half as long again; and what takes a tenth of a second is slow for nobody. */
const SLOWER = 1.5;
const LEAST_MS = 100;
const KB = 1024;
/** A megabyte a minute for each job: less is the garbage collector's business. */
const LEAST_KB_PER_S = KB / 60;

/** Classes that fail, last or grow otherwise than on the morning before, those that got worse first. */
export function classChanges(
  classes: readonly ClassFigures[],
  before: ClassMorning | undefined,
  nowMs: number,
): readonly Line[] {
  if (before === undefined) return [];
  const then = new Map(before.classes.map((figures) => [figures.jobClass, figures]));
  const ageMs = nowMs - before.atMs;
  const ago = ageMs < 1.5 * DAY_MS ? 'the morning before' : `${duration(ageMs)} before`;
  const changes = classes.flatMap((now) => {
    const earlier = then.get(now.jobClass);
    return earlier === undefined ? [] : changesOf(now, earlier, ago);
  });
  return changes.sort((a, b) => Number(b.tone === 'warning') - Number(a.tone === 'warning'));
}

function changesOf(now: ClassFigures, then: ClassFigures, ago: string): readonly Line[] {
  const memory = memoryChange(now, then, ago);
  if (now.ended < NEEDS_ENDED || then.ended < NEEDS_ENDED) return memory;
  return [...failureChange(now, then, ago), ...durationChange(now, then, ago), ...memory];
}

function failureChange(now: ClassFigures, then: ClassFigures, ago: string): readonly Line[] {
  const [share, earlier] = [now.failed / now.ended, then.failed / then.ended];
  if (Math.max(share, earlier) < FAILS) return [];
  if (Math.max(share, earlier) < TWICE * Math.min(share, earlier)) return [];
  const failed = `of its jobs failed, ${percent(then.failed, then.ended)} ${ago}`;
  return [
    {
      tone: share > earlier ? 'warning' : 'good',
      text: say`${named(now.jobClass)}: ${percent(now.failed, now.ended)} ${failed}.`,
    },
  ];
}

function durationChange(now: ClassFigures, then: ClassFigures, ago: string): readonly Line[] {
  const [meanMs, earlierMs] = [now.ranMs / now.ended, then.ranMs / then.ended];
  const [less, more] = [Math.min(meanMs, earlierMs), Math.max(meanMs, earlierMs)];
  if (more < LEAST_MS || more < SLOWER * less) return [];
  return [
    {
      tone: meanMs > earlierMs ? 'warning' : 'good',
      text: say`${named(now.jobClass)} ran for ${took(meanMs)} a job, ${took(earlierMs)} ${ago}.`,
    },
  ];
}

function memoryChange(now: ClassFigures, then: ClassFigures, ago: string): readonly Line[] {
  const [grows, earlier] = [now.growsKbPerS ?? 0, then.growsKbPerS ?? 0];
  if (grows < LEAST_KB_PER_S || grows < TWICE * earlier) return [];
  const before = earlier === 0 ? `not clearly ${ago}` : `${perMinute(earlier)} ${ago}`;
  return [
    {
      tone: 'warning',
      text: say`Memory grows by ${perMinute(grows)} for each running ${named(now.jobClass)}, ${before}.`,
    },
  ];
}

function perMinute(kbPerS: number): string {
  return `${bytes(kbPerS * KB * 60)} a minute`;
}

function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}
