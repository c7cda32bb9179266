import { at, bold, code, say } from '../reply/text.ts';
import {
  type Asked,
  actorOf,
  type Circumstances,
  type Click,
  type Decision,
  moved,
  type No,
  personOf,
  refused,
} from './decision.ts';
import { isNamed, isSamePerson, type PersonFacts } from './person.ts';
import { isIn, type Proposal, type Vote } from './proposal.ts';
import { countedApprovers, isQuorum, requiredBy } from './quorum.ts';
import { alreadyDecided, checkClick, SLACK_UNKNOWN, tooLate } from './refusals.ts';
import { type ApprovalRules, MAX_REASON_LENGTH } from './rules.ts';

/**
 * One more who agrees; the last one needed makes it approved. `earlier` is what Slack says now of those who agreed
 * before: who has left the approvers meanwhile is not counted any more.
 */
export function approve(
  proposal: Proposal,
  by: Click,
  earlier: Asked<readonly PersonFacts[]>,
  circumstances: Circumstances,
): Decision<'proposed' | 'approved'> {
  const refuse = (no: No) => refused(proposal, personOf(by), circumstances, no);
  if (!isIn(proposal, 'proposed')) return refuse(refusalBeforeState(proposal, by));
  const voter = checkVoter(proposal, by, circumstances);
  if (voter.no !== undefined) return refuse(voter.no);
  const no = refusalOfApproval(proposal, voter.facts, circumstances.rules);
  if (no !== undefined) return refuse(no);
  if (earlier === 'unknown') return refuse(SLACK_UNKNOWN);
  const rules = atLeast(proposal.required, circumstances.rules);
  const hasVoted = (facts: PersonFacts) =>
    proposal.now.votes.some((vote) => isSamePerson(vote.person, facts.identity));
  const voters = [...earlier.filter(hasVoted), voter.facts];
  const counted = countedApprovers(voters, proposal.requester, rules);
  const vote: Vote = { person: voter.facts.identity, atMs: circumstances.nowMs };
  return count(proposal, vote, counted, rules, circumstances);
}

/** One no ends it. */
export function deny(
  proposal: Proposal,
  by: Click,
  givenReason: string,
  circumstances: Circumstances,
): Decision<'denied'> {
  const refuse = (no: No) => refused(proposal, personOf(by), circumstances, no);
  if (!isIn(proposal, 'proposed')) return refuse(refusalBeforeState(proposal, by));
  const voter = checkVoter(proposal, by, circumstances);
  if (voter.no !== undefined) return refuse(voter.no);
  const reason = givenReason.trim();
  if (reason.length === 0 || reason.length > MAX_REASON_LENGTH) {
    return refuse([
      'no_reason',
      say`A denial needs a reason: the requester learns from it.`,
      say`Say why in at most ${MAX_REASON_LENGTH} characters.`,
    ]);
  }
  const person = voter.facts.identity;
  const now = { state: 'denied', person, reason, endedAtMs: circumstances.nowMs } as const;
  const told = { who: actorOf(person), what: 'denied', why: reason, result: 'nothing will be done' };
  return moved(proposal, now, circumstances, told);
}

function count(
  proposal: Proposal<'proposed'>,
  vote: Vote,
  counted: readonly PersonFacts[],
  rules: ApprovalRules,
  circumstances: Circumstances,
): Decision<'proposed' | 'approved'> {
  const votes = [...proposal.now.votes, vote];
  const who = actorOf(vote.person);
  const told = { who, what: 'vote', result: `agrees, ${counted.length} of ${requiredBy(rules)}` };
  if (!isQuorum(counted, rules)) return moved(proposal, { ...proposal.now, votes }, circumstances, told);
  const approval = {
    votes: votes.filter((each) => counted.some((facts) => isSamePerson(facts.identity, each.person))),
    approvedAtMs: circumstances.nowMs,
    executeByMs: circumstances.nowMs + rules.executeWithinMs,
  };
  const names = approval.votes.map((each) => each.person.name).join(', ');
  const approved = { who, what: 'approved', result: `by ${names}` };
  return moved(proposal, { state: 'approved', approval }, circumstances, told, approved);
}

/** Strangers learn nothing of the state; everybody else is told who was first. */
function refusalBeforeState(proposal: Proposal, by: Click): No {
  const { no } = checkClick(proposal, by);
  return no ?? alreadyDecided(proposal);
}

/** Whose word counts, and until when. */
function checkVoter(proposal: Proposal<'proposed'>, by: Click, circumstances: Circumstances) {
  const { expiresAtMs } = proposal.now;
  const checked = checkClick(proposal, by);
  if (checked.no !== undefined) return checked;
  if (circumstances.nowMs >= expiresAtMs) return { no: tooLate(proposal, expiresAtMs) };
  const no = refusalOfVoter(proposal, checked.facts, circumstances.rules);
  return no === undefined ? checked : { no };
}

function refusalOfVoter(proposal: Proposal, facts: PersonFacts, rules: ApprovalRules): No | undefined {
  if (isSamePerson(facts.identity, proposal.requester)) {
    return [
      'own_proposal',
      say`You proposed this, so your own word does not count: it takes two people.`,
      say`Ask another approver, or press Cancel to take it back.`,
    ];
  }
  if (rules.approvers.some((set) => isNamed(facts, set.ids))) return undefined;
  return [
    'not_an_approver',
    say`You are not among those who may approve this.`,
    say`Ask one of the approvers; the settings name them under ${code('approvals.approvers')}.`,
  ];
}

function refusalOfApproval(
  proposal: Proposal<'proposed'>,
  facts: PersonFacts,
  rules: ApprovalRules,
): No | undefined {
  const mine = proposal.now.votes.find((vote) => isSamePerson(vote.person, facts.identity));
  if (mine !== undefined) {
    return [
      'already_voted',
      say`You agreed at ${at(mine.atMs)}, and each person counts once.`,
      say`It takes ${bold(String(proposal.required))} different people.`,
    ];
  }
  if (!rules.isForbidden) return undefined;
  return [
    'forbidden',
    say`The settings now protect ${code(proposal.plan.jobClass ?? proposal.plan.target)}.`,
    say`Whoever keeps the settings can change ${code('protect')}.`,
  ];
}

/** Settings may have become stricter since, never laxer for what is already on the table. */
function atLeast(required: number, rules: ApprovalRules): ApprovalRules {
  return { ...rules, required: Math.max(required, rules.required) };
}
