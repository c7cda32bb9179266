import { fingerprintOfPlan, type Plan, plannedCount } from '../plan.ts';
import { code, say } from '../reply/text.ts';
import {
  type Asked,
  actorOf,
  type Circumstances,
  type Decision,
  entryOf,
  type No,
  refused,
} from './decision.ts';
import { type Identity, isNamed, type PersonFacts } from './person.ts';
import { isOpen, type Proposal } from './proposal.ts';
import { countedApprovers, isQuorum, requiredBy } from './quorum.ts';
import { refusalOfPerson, SLACK_UNKNOWN, whatHappened } from './refusals.ts';
import { type ApprovalRules, MAX_REASON_LENGTH } from './rules.ts';

/** Somebody asks for a plan to be carried out. */
export type Request = {
  /** Of the new proposal; it keeps it as an action. */
  readonly id: string;
  readonly plan: Plan;
  readonly person: Identity;
  readonly facts: Asked<PersonFacts>;
  readonly reason: string;
  /** What was typed to confirm a large plan. */
  readonly typed: string | undefined;
  readonly channelId: string;
  /** All members of the approver sets, as Slack tells them now. */
  readonly approvers: Asked<readonly PersonFacts[]>;
  /** The open proposal of the same subject, if there is one. */
  readonly open: Proposal | undefined;
};

/** A new proposal, or why there will be none. */
export function propose(request: Request, circumstances: Circumstances): Decision<'proposed'> {
  const { id, plan, person, channelId } = request;
  const { nowMs, rules } = circumstances;
  const fingerprint = fingerprintOfPlan(plan);
  const no =
    refusalOfPerson(request.facts) ??
    refusalOfRules(request, rules) ??
    refusalOfWords(request, rules) ??
    refusalOfQuorum(request, rules);
  if (no !== undefined) return refused({ id: null, plan, fingerprint }, person, circumstances, no);
  const reason = request.reason.trim();
  const required = requiredBy(rules);
  const next: Proposal<'proposed'> = {
    id,
    version: 1,
    plan,
    fingerprint,
    requester: person,
    reason,
    channelId,
    required,
    proposedAtMs: nowMs,
    now: { state: 'proposed', votes: [], expiresAtMs: nowMs + rules.expiresMs, drift: [] },
  };
  const told = {
    who: actorOf(person),
    what: 'proposed',
    why: reason,
    result: `${plan.action} ${plan.target}: ${plannedCount(plan)} seen, at most ${plan.cap}; ${required} must agree`,
  };
  return { type: 'moved', next, entries: [entryOf(next, told, circumstances)] };
}

/** Is the plan so large that its target or count must be typed? */
export function needsTyping(plan: Plan, rules: ApprovalRules): boolean {
  return plannedCount(plan) >= rules.typeFromCount;
}

function refusalOfRules({ plan, facts, open }: Request, rules: ApprovalRules): No | undefined {
  if (rules.isForbidden) {
    return [
      'forbidden',
      say`The settings protect ${code(plan.jobClass ?? plan.target)}: ${plan.action} is never done to it.`,
      say`Whoever keeps the settings can change ${code('protect')}.`,
    ];
  }
  if (rules.approvers.every((set) => set.ids.length === 0)) {
    return [
      'no_approvers',
      say`Nobody is named who could approve this, so it can't be proposed.`,
      say`Set ${code('approvals.approvers')} to people or user groups.`,
    ];
  }
  if (facts === 'unknown' || !isNamed(facts, rules.requesters)) {
    return [
      'not_a_requester',
      say`You are not among those who may propose this.`,
      say`Ask somebody to propose it whom the settings name under ${code('approvals.requesters')}.`,
    ];
  }
  if (open !== undefined && isOpen(open)) {
    return [
      'already_open',
      say`The same is open as ${code(open.id)}. ${whatHappened(open)}`,
      say`See it there.`,
    ];
  }
  return undefined;
}

function refusalOfWords({ plan, reason, typed }: Request, rules: ApprovalRules): No | undefined {
  const length = reason.trim().length;
  if (length === 0) {
    return ['no_reason', say`A reason is needed: the approvers decide by it.`, say`Say why in a sentence.`];
  }
  if (length > MAX_REASON_LENGTH) {
    return ['long_reason', say`The reason has ${length} characters.`, say`Keep it to ${MAX_REASON_LENGTH}.`];
  }
  const count = plannedCount(plan);
  if (!needsTyping(plan, rules) || isConfirmation(typed ?? '', plan.target, count)) return undefined;
  return [
    'not_typed',
    say`This touches ${count}, so it has to be confirmed by typing.`,
    say`Type ${code(plan.target)} or ${code(String(count))}.`,
  ];
}

/** People write 312,000 as their country does. */
function isConfirmation(typed: string, target: string, count: number): boolean {
  const words = typed.trim();
  return (
    words === target || (/^\d[\d\s.,_'’]*$/.test(words) && words.replaceAll(/\D/g, '') === String(count))
  );
}

function refusalOfQuorum(request: Request, rules: ApprovalRules): No | undefined {
  if (request.approvers === 'unknown') {
    return SLACK_UNKNOWN;
  }
  const left = countedApprovers(request.approvers, request.person, rules);
  const required = requiredBy(rules);
  if (isQuorum(left, rules)) return undefined;
  return [
    'quorum_unreachable',
    left.length < required
      ? say`${howMany(left.length)} left besides you, and ${required} must agree.`
      : say`The ${left.length} approvers besides you can't speak for every group that must agree.`,
    say`Somebody else can propose it, or more people can be named in ${code('approvals.approvers')}.`,
  ];
}

function howMany(approvers: number): string {
  if (approvers === 0) return 'No approver is';
  return approvers === 1 ? 'Only one approver is' : `Only ${approvers} approvers are`;
}
