import { z } from 'zod';

/**
 * The life of one morning post, kept in the store so that all replicas agree:
 *
 *   claimed ─ posting ─ posted
 *      │         └ lost      nobody knows whether Slack took it, so it is not sent again
 *      └ refused             Slack did not take it; tried again until its hour is over
 *
 * A schedule has one row, which knows the time that was planned: an older time can't come back, and nothing grows.
 */
const readDelivery = z
  .strictObject({
    phase: z.enum(['claimed', 'posting', 'posted', 'lost', 'refused']),
    plannedMs: z.int(),
    /** When the phase was entered. */
    atMs: z.int(),
    /** Whether the operators have heard that it does not get through. */
    isTold: z.boolean(),
  })
  .readonly();

export type Delivery = z.output<typeof readDelivery>;

export function freezeDelivery(delivery: Delivery): string {
  return JSON.stringify(delivery);
}

/** Undefined for what another version wrote: its schedule begins anew. */
export function thawDelivery(text: string): Delivery | undefined {
  return readDelivery.safeParse(JSON.parse(text)).data;
}

/** A post is owed for an hour; later, the day has taken over. */
export const OWED_MS = 60 * 60_000;
/** Who claims only reads and thinks until it says `posting`; dead ones are made up for. */
const CLAIM_MS = 30_000;
/** Longer than any call to Slack lasts. */
const POSTING_MS = 90_000;
const RETRY_MS = 60_000;
/** Reading and posting take seconds; what is later than this was late. */
const LATE_MS = 2 * 60_000;

/** What is to be done for a post that is due: claim it, call it lost, wait for somebody else, or nothing any more. */
export function nextStep(
  stored: Delivery | undefined,
  plannedMs: number,
  nowMs: number,
): 'claim' | 'lose' | 'wait' | 'done' {
  if (stored === undefined || stored.plannedMs < plannedMs) return 'claim';
  if (stored.plannedMs > plannedMs) return 'done';
  const ageMs = nowMs - stored.atMs;
  switch (stored.phase) {
    case 'posted':
    case 'lost':
      return 'done';
    case 'claimed':
      return ageMs >= CLAIM_MS ? 'claim' : 'wait';
    case 'posting':
      return ageMs >= POSTING_MS ? 'lose' : 'wait';
    case 'refused':
      return ageMs >= RETRY_MS ? 'claim' : 'wait';
    default:
      return stored.phase satisfies never;
  }
}

/** The same post in another phase. */
export function enter(
  phase: Delivery['phase'],
  plannedMs: number,
  atMs: number,
  before: Delivery | undefined,
): Delivery {
  return { phase, plannedMs, atMs, isTold: before?.plannedMs === plannedMs && before.isTold };
}

export function isLate(plannedMs: number, nowMs: number): boolean {
  return nowMs - plannedMs > LATE_MS;
}
