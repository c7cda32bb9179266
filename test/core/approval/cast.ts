import type { Circumstances, Click, Decision } from '../../../src/core/approval/decision.ts';
import type { PersonFacts } from '../../../src/core/approval/person.ts';
import type { Proposal, StateName } from '../../../src/core/approval/proposal.ts';
import { propose, type Request } from '../../../src/core/approval/propose.ts';
import type { ApprovalRules } from '../../../src/core/approval/rules.ts';
import { fingerprintOfPlan, type Plan } from '../../../src/core/plan.ts';

/** The people and the plan of the approval tests. */
export const START_MS = 1_700_000_000_000;

export function someone(
  userId: string,
  groupIds: readonly string[] = [],
  facts: Partial<PersonFacts> = {},
): PersonFacts {
  return {
    identity: { userId, enterpriseUserId: null, name: `Name of ${userId}` },
    groupIds: new Set(groupIds),
    isDeactivated: false,
    isBot: false,
    isGuest: false,
    isOutsider: false,
    ...facts,
  };
}

export const ANN = someone('UANN', ['SONCALL']);
export const BEN = someone('UBEN', ['SLEADS']);
export const CEM = someone('UCEM', ['SLEADS']);
const DEE = someone('UDEE', ['SLEADS']);

export const RULES: ApprovalRules = {
  requesters: ['SONCALL'],
  approvers: [{ ids: ['SLEADS'], required: 1 }],
  required: 1,
  isForbidden: false,
  expiresMs: 15 * 60_000,
  executeWithinMs: 5 * 60_000,
  typeFromCount: 1000,
};

export const PLAN: Plan = {
  action: 'purge',
  sidekiq: 'payroll',
  target: 'Recurring::DisasterJob',
  jobClass: 'Recurring::DisasterJob',
  places: [
    { name: 'queue default', count: 40 },
    { name: 'the retry set', count: 2 },
  ],
  cutOffMs: START_MS,
  cap: 50,
  sideEffects: ['2 batches will never finish.'],
  undo: 'Restore puts the jobs back.',
  parameters: { queues: ['default'] },
  plannedAtMs: START_MS,
};

export function at(nowMs: number, rules: Partial<ApprovalRules> = {}): Circumstances {
  return { nowMs, rules: { ...RULES, ...rules }, where: 'C1' };
}

export function request(changes: Partial<Request> = {}): Request {
  return {
    id: 'p1',
    plan: PLAN,
    person: ANN.identity,
    facts: ANN,
    reason: 'it kills the workers',
    typed: undefined,
    channelId: 'C1',
    approvers: [BEN, CEM, DEE],
    open: undefined,
    ...changes,
  };
}

export function click(facts: PersonFacts, plan: Plan = PLAN): Click {
  return { person: facts.identity, facts, fingerprint: fingerprintOfPlan(plan) };
}

export function next<Name extends StateName>(decision: Decision<Name>): Proposal<Name> {
  if (decision.type === 'refused') throw new Error(`refused: ${decision.refusal.code}`);
  return decision.next;
}

export function codeOf(decision: Decision): string {
  return decision.type === 'refused' ? decision.refusal.code : `moved to ${decision.next.now.state}`;
}

export function proposed(rules: Partial<ApprovalRules> = {}): Proposal<'proposed'> {
  return next(propose(request(), at(START_MS, rules)));
}
