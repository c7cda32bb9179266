import type { PersonFacts } from '../approval/person.ts';
import { countedApprovers, isQuorum, requiredBy } from '../approval/quorum.ts';
import type { ApprovalRules } from '../approval/rules.ts';
import { type Finding, good, warning, wrong } from './finding.ts';

/**
 * Whether the people that the settings name can ever agree, by the very rules that count their votes. `peopleOf`: the users whom an id
 * of the settings stands for.
 */
export function judgeApprovals(
  about: string,
  rules: ApprovalRules,
  peopleOf: (id: string) => readonly string[],
): Finding {
  const remedy = 'Set approvals.requesters and approvals.approvers (docs/settings.md).';
  if (rules.approvers.length === 0) {
    return warning(about, 'Nobody may approve, so guarded actions are refused.', remedy);
  }
  if (rules.requesters.length === 0) {
    return warning(about, 'Nobody may propose, so guarded actions are refused.', remedy);
  }
  const approverIds = rules.approvers.flatMap(({ ids }) => ids);
  const approvers = [...new Set(approverIds.flatMap(peopleOf))].map((userId) =>
    factsOf(
      userId,
      approverIds.filter((id) => peopleOf(id).includes(userId)),
    ),
  );
  const counted = rules.requesters
    .flatMap(peopleOf)
    .map((userId) => countedApprovers(approvers, factsOf(userId, []).identity, rules));
  if (counted.some((others) => isQuorum(others, rules))) {
    return good(about, 'Guarded actions can find the people that they need.');
  }
  const required = requiredBy(rules);
  return counted.some((others) => others.length >= required)
    ? wrong(
        about,
        'Whoever proposes, the others can’t speak for every list of all_of: nobody speaks for two.',
        'Put more people into these lists, or other people into each.',
      )
    : wrong(
        about,
        `Whoever proposes, there are not ${required} others who may approve.`,
        'Name more approvers: the requester’s own approval never counts.',
      );
}

/** Who may have no part in anything was left out when Slack was asked for the people. */
function factsOf(userId: string, groupIds: readonly string[]): PersonFacts {
  return {
    identity: { userId, enterpriseUserId: null, name: userId },
    groupIds: new Set(groupIds),
    isBot: false,
    isGuest: false,
    isOutsider: false,
    isDeactivated: false,
  };
}
