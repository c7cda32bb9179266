import type { z } from 'zod';
import type { Proposal } from '../approval/proposal.ts';
import type { Plain } from '../canonical.ts';
import type { Drift } from '../drift.ts';
import type { Plan } from '../plan.ts';
import type { Button, Refusal } from '../reply/reply.ts';
import type { Text } from '../reply/text.ts';

/**
 * A repair that needs two people, as far as it can be decided without touching anything. A new one is a file beside this
 * and a line in the list; reading what it looks at and carrying it out are the flow's.
 *
 * `Seen` is what was read of Redis or the store for it.
 */
export type GuardedAction<Parameters extends Plain, Seen> = {
  readonly name: string;
  /** What people may ask for; what does not fit is refused before anything is read. */
  readonly parameters: z.ZodType<Parameters>;
  /** What would change, or why there is nothing to do or it must not be done. */
  plan(parameters: Parameters, seen: Seen, nowMs: number): Plan | Refusal;
  /**
   * Compares what was approved with the plan made again before the start; most begin with `driftOf`. To be the same,
   * the second plan is made with the approved one's cut-off and cap.
   */
  drift(approved: Plan, fresh: Plan): Drift;
  /** The plan in words, for the message that asks for approval: what, how many, what else, how back. */
  describe(plan: Plan): PlanWords;
  /** What to offer when it has ended: commands that lead on. They stand below its message. */
  next?(proposal: Proposal): readonly Button[];
};

/** `headline` goes on after “Ann wants to”: “quiet the process …”. */
export type PlanWords = { readonly headline: Text; readonly details: readonly Text[] };
