import { isSamePerson, type PersonFacts } from '../approval/person.ts';
import { isIn, isOpen, type Proposal } from '../approval/proposal.ts';
import { countedApprovers } from '../approval/quorum.ts';
import type { ApprovalRules } from '../approval/rules.ts';
import type { Person } from '../people.ts';

/** What an open proposal is to one person: it waits for their word, they asked for it, or it is being carried out. */
export type Duty = 'decide' | 'own' | 'running';

/** Undefined when it is none of their business. `facts` are undefined when chat could not say who is in which group. */
export function dutyIn(
  proposal: Proposal,
  person: Person,
  facts: PersonFacts | undefined,
  rules: ApprovalRules,
  nowMs: number,
): Duty | undefined {
  if (!isOpen(proposal)) return undefined;
  const identity = { userId: person.id, enterpriseUserId: person.enterpriseUserId, name: person.name };
  if (isSamePerson(proposal.requester, identity)) return 'own';
  if (!isIn(proposal, 'proposed')) return 'running';
  const { votes, expiresAtMs } = proposal.now;
  if (facts === undefined || nowMs >= expiresAtMs) return undefined;
  if (votes.some((vote) => isSamePerson(vote.person, identity))) return undefined;
  return countedApprovers([facts], proposal.requester, rules).length > 0 ? 'decide' : undefined;
}
