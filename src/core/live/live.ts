import { z } from 'zod';

/**
 * A shared health answer that a channel watches together: it is edited for half an hour, then it freezes. There are a few
 * slots, in the store, so that all replicas count the same ones and a restart goes on.
 */
export const LIVE_FOR_MS = 30 * 60_000;
export const EDIT_EVERY_MS = 30_000;
/** Slack takes about fifty edits a minute in all; proposals and alerts need theirs. */
export const LIVE_SLOTS = 5;

/** How it was at one moment, for the last word. */
const readPulse = z
  .strictObject({ verdict: z.enum(['healthy', 'degraded', 'incident']), waiting: z.number(), atMs: z.int() })
  .readonly();

const readLive = z
  .strictObject({
    sidekiq: z.string(),
    /** Who started it, by id. */
    by: z.string(),
    startedAtMs: z.int(),
    untilMs: z.int(),
    editedAtMs: z.int(),
    first: readPulse.nullable(),
    last: readPulse.nullable(),
    /** Who stopped it before its time. */
    stoppedBy: z.string().nullable(),
  })
  .readonly();

export type Pulse = z.output<typeof readPulse>;
export type Live = z.output<typeof readLive>;

/** A slot that holds nothing is written as `null`. */
export function freezeLive(live: Live | undefined): string {
  return JSON.stringify(live ?? null);
}

/** Undefined for an empty slot, and for one that another version wrote: it may be used anew. */
export function thawLive(text: string): Live | undefined {
  return readLive.safeParse(JSON.parse(text)).data;
}

export function beginLive(sidekiq: string, by: string, nowMs: number): Live {
  return {
    sidekiq,
    by,
    startedAtMs: nowMs,
    untilMs: nowMs + LIVE_FOR_MS,
    editedAtMs: nowMs,
    first: null,
    last: null,
    stoppedBy: null,
  };
}

/** What is to be done with a live message now. */
export function dueOf({ editedAtMs, untilMs, stoppedBy }: Live, nowMs: number): 'edit' | 'freeze' | 'wait' {
  if (stoppedBy !== null || nowMs >= untilMs) return 'freeze';
  return nowMs - editedAtMs >= EDIT_EVERY_MS ? 'edit' : 'wait';
}
