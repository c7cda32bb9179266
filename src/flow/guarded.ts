import type { PlanWords } from '../core/actions/action.ts';
import type { Progress, Proposal } from '../core/approval/proposal.ts';
import type { ApprovalRules } from '../core/approval/rules.ts';
import type { Drift } from '../core/drift.ts';
import type { Plan } from '../core/plan.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Button, Refusal } from '../core/reply/reply.ts';
import type { StepWriter } from '../ports/archive.ts';

/**
 * A guarded action with its hands: what core/actions decides, joined to what it reads and writes of one sidekiq. It has
 * closed over its own parameters, so the flows need not know them. A new one is a file in flow/actions and a line in app/guarded-sidekiqs.ts.
 */
export interface Guarded {
  readonly name: string;
  /**
   * Looks, and makes the plan; `approved` is there when it is made again before the start.
   * @throws {RedisUnavailable}
   */
  plan(parameters: unknown, nowMs: number, approved?: Plan): Promise<Plan | Refusal>;
  drift(approved: Plan, fresh: Plan): Drift;
  describe(plan: Plan): PlanWords;
  /** Commands that lead on, when it has ended. */
  next?(proposal: Proposal): readonly Button[];
  /** `protect` keeps a class from being taken away, not from what does it no harm. */
  readonly isAllowedOnProtected?: boolean;
  /**
   * Carries out what was approved, from its beginning or from where it was interrupted. It must be safe to be killed
   * at any instant and called again. What `work` throws it lets through. @throws {RedisUnavailable} to be tried again
   */
  carryOut(work: Work): Promise<Outcome>;
  /** Mends what a run that has ended for good could not; at the start of the bot and now and then. @throws {RedisUnavailable} */
  clearUp?(signal: AbortSignal): Promise<void>;
}

/** One sidekiq as far as things may be done to it. */
export type GuardedSidekiq = {
  readonly policy: SidekiqPolicy;
  readonly rules: ApprovalRules;
  readonly actions: readonly Guarded[];
};

/** What an action is carried out with. Both ask whether somebody wants it to stop; both throw when it must end at once. */
export type Work = {
  readonly id: string;
  readonly plan: Plan;
  /** Of the lease under which it runs: whoever comes later has a higher one. */
  readonly fence: number;
  /** The last step of an earlier run; null when nothing was done yet. */
  readonly progress: Progress | null;
  /**
   * Makes a step durable, before or after the deed that it tells of; what `write` writes is in the same transaction. No
   * record, no deed.
   */
  step(progress: Omit<Progress, 'atMs'>, write?: (tx: StepWriter) => Promise<void>): Promise<GoOn>;
  /** Waits, or less long when somebody asks it to stop. */
  pause(ms: number): Promise<GoOn>;
};

export type GoOn = 'go on' | 'stop';

/** How it ended, in words for the record; `stopped` only after `work` said so. */
export type Outcome =
  | { readonly type: 'done'; readonly result: string }
  | { readonly type: 'stopped'; readonly result: string }
  | { readonly type: 'failed'; readonly reason: string };
