import type { PlanWords } from '../core/actions/action.ts';
import type { Circumstances, Decision } from '../core/approval/decision.ts';
import type { Proposal } from '../core/approval/proposal.ts';
import { type ApprovalRules, rulesForClass } from '../core/approval/rules.ts';
import { proposalAnswer } from '../core/approval/show.ts';
import type { Plan } from '../core/plan.ts';
import type { Answer } from '../core/reply/reply.ts';
import { code, say } from '../core/reply/text.ts';
import type { StepWriter } from '../ports/archive.ts';
import type { Directory } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import type { Guarded, GuardedSidekiq } from './guarded.ts';

/** What the flows of guarded actions share. */
export type Desk = {
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  readonly sidekiqs: readonly GuardedSidekiq[];
};

/** What the settings say of this plan now. Of a sidekiq that they no longer name, nothing may be done. */
export function rulesFor(plan: Plan, { sidekiqs }: Pick<Desk, 'sidekiqs'>): ApprovalRules {
  const { sidekiq, jobClass } = plan;
  const named = sidekiqs.find(({ policy }) => policy.name === sidekiq);
  if (named === undefined) return NOTHING_MAY_BE_DONE;
  const ofClass = jobClass === null ? undefined : named.policy.classes.get(jobClass);
  if (ofClass === undefined || guardedFor(plan, { sidekiqs })?.isAllowedOnProtected !== true)
    return rulesForClass(named.rules, ofClass);
  return rulesForClass(named.rules, { ...ofClass, isProtected: false });
}

const NOTHING_MAY_BE_DONE: ApprovalRules = {
  requesters: [],
  approvers: [],
  required: 1,
  isForbidden: true,
  expiresMs: 0,
  executeWithinMs: 0,
  typeFromCount: 0,
};

export function guardedFor(
  { sidekiq, action }: Pick<Plan, 'sidekiq' | 'action'>,
  { sidekiqs }: Pick<Desk, 'sidekiqs'>,
): Guarded | undefined {
  const named = sidekiqs.find(({ policy }) => policy.name === sidekiq);
  return named?.actions.find(({ name }) => name === action);
}

export function circumstancesOf(plan: Plan, where: string, desk: Desk): Circumstances {
  return { nowMs: desk.clock.nowMs(), rules: rulesFor(plan, desk), where };
}

/** In the action's own words; in plain ones for an action that this bot no longer has. */
export function wordsFor(plan: Plan, desk: Pick<Desk, 'sidekiqs'>): PlanWords {
  const guarded = guardedFor(plan, desk);
  return guarded?.describe(plan) ?? { headline: say`${plan.action} ${code(plan.target)}`, details: [] };
}

/** A proposal as it is shown, wherever it is shown. */
export function shown(proposal: Proposal, desk: Pick<Desk, 'sidekiqs'>): Answer {
  const next = guardedFor(proposal.plan, desk)?.next?.(proposal) ?? [];
  return proposalAnswer(proposal, wordsFor(proposal.plan, desk), rulesFor(proposal.plan, desk), next);
}

/**
 * The one way in which a stored proposal changes: read, decide, write the new state with its records, or the record of a
 * refusal, all in one transaction. Undefined when nothing was written: there is no such proposal, or `decideOn` decided
 * nothing. `write` writes more into that transaction, if it moved. @throws {StoreError} and nothing was written
 */
export async function change(
  id: string,
  { store }: Desk,
  decideOn: (proposal: Proposal) => Decision | undefined,
  write?: (tx: StepWriter) => Promise<void>,
): Promise<Decision | undefined> {
  return store.transact(async (tx) => {
    const proposal = await tx.proposal(id);
    if (proposal === undefined) return undefined;
    const decision = decideOn(proposal);
    if (decision === undefined) return undefined;
    if (decision.type === 'moved' && !(await tx.replaceProposal(decision.next))) {
      throw new Error(`proposal ${id} changed within a transaction that had the turn`);
    }
    if (decision.type === 'moved') await write?.(tx);
    await tx.append(decision.entries);
    return decision;
  });
}
