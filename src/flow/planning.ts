import type { GuardedAction } from '../core/actions/action.ts';
import type { Plan } from '../core/plan.ts';
import type { Guarded, Work } from './guarded.ts';

/**
 * Whoever proposes sees a window next, which must open within three seconds of the command. A second and a half reads a
 * million jobs or two; of more, a plan says “at least”, and its cap counts what was not read.
 */
const PROPOSING_MS = 1500;
/** Before the start nobody waits for a window, and the number decides whether it may begin. */
const STARTING_MS = 60_000;

/** How long may be looked for a plan; `approved` is there when it is made again before the start. */
export function planningMs(approved: Plan | undefined): number {
  return approved === undefined ? PROPOSING_MS : STARTING_MS;
}

/** What core decides of an action and its hands only hand on. */
export function decidedBy({
  name,
  drift,
  describe,
  next,
}: Pick<GuardedAction<never, never>, 'name' | 'drift' | 'describe' | 'next'>): Pick<
  Guarded,
  'name' | 'drift' | 'describe' | 'next'
> {
  return { name, drift, describe, ...(next === undefined ? {} : { next }) };
}

/** An engine that was superseded has lost the lease; asking throws then, which is what it means. */
export async function mustHoldLease({ type }: { readonly type: string }, work: Work): Promise<void> {
  if (type === 'superseded') await work.pause(0);
}
