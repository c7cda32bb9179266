import { z } from 'zod';
import type { Evidence } from '../attribution/evidence.ts';
import { growthByClass } from '../attribution/growth-by-class.ts';
import type { WorkByClass } from '../sidekiq/class-work.ts';

/** How the classes behaved in the hours before a morning, kept so that the next morning can tell what has changed. */
const readFigures = z
  .strictObject({
    jobClass: z.string(),
    ended: z.number(),
    failed: z.number(),
    ranMs: z.number(),
    /** By how much the memory of a process grows for each job of it that runs; null where that is not clear. */
    growsKbPerS: z.number().nullable(),
  })
  .readonly();

const readMorning = z.strictObject({ atMs: z.int(), classes: z.array(readFigures).readonly() }).readonly();
const readKept = z.array(readMorning).readonly();

export type ClassFigures = z.output<typeof readFigures>;
export type ClassMorning = z.output<typeof readMorning>;

const HOUR_MS = 3_600_000;
/** A long weekend, and some days more. */
const KEPT = 9;
/** A post that is made again in the same morning is not another one. */
const APART_MS = 6 * HOUR_MS;
/** Enough for every class that anybody would be told of, and a row of some kilobytes. */
const CLASSES_MAX = 300;

export function classFigures(
  work: WorkByClass | undefined,
  evidence: Evidence | undefined,
  sinceMs: number,
): readonly ClassFigures[] {
  const growth = evidence === undefined ? new Map<string, number>() : growthByClass(evidence, sinceMs);
  const names = new Set([...(work?.keys() ?? []), ...growth.keys()]);
  return [...names]
    .map((jobClass) => {
      const { ended = 0, failed = 0, ranMs = 0 } = work?.get(jobClass) ?? {};
      return { jobClass, ended, failed, ranMs, growsKbPerS: growth.get(jobClass) ?? null };
    })
    .sort((a, b) => b.ranMs - a.ranMs)
    .slice(0, CLASSES_MAX);
}

export function thawMornings(text: string | undefined): readonly ClassMorning[] {
  return text === undefined ? [] : (readKept.safeParse(JSON.parse(text)).data ?? []);
}

/** With this morning, unless one of a few hours ago is there; undefined when nothing is to be written. */
export function keepMorning(
  kept: readonly ClassMorning[],
  classes: readonly ClassFigures[],
  nowMs: number,
): string | undefined {
  const lastMs = Math.max(0, ...kept.map(({ atMs }) => atMs));
  if (classes.length === 0 || nowMs - lastMs < APART_MS) return undefined;
  return JSON.stringify([...kept, { atMs: nowMs, classes }].slice(-KEPT));
}

/** The last morning before this one. */
export function morningBefore(kept: readonly ClassMorning[], nowMs: number): ClassMorning | undefined {
  return kept.filter(({ atMs }) => nowMs - atMs >= APART_MS * 2).at(-1);
}
