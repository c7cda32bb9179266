import type { PersonFacts } from '../approval/person.ts';
import { countedApprovers, isQuorum, requiredBy } from '../approval/quorum.ts';
import { type ApprovalRules, rulesForClass } from '../approval/rules.ts';
import type { SidekiqPolicy } from '../policy.ts';
import { type Finding, good, warning, wrong } from './finding.ts';

/**
 * Whether the people that the settings name can ever agree, by the very rules that count their votes: in general, and on each job
 * class that wants more of them. `peopleOf`: the users whom an id of the settings stands for.
 */
export function judgeApprovals(
  about: string,
  rules: ApprovalRules,
  classes: SidekiqPolicy['classes'],
  peopleOf: (id: string) => readonly string[],
): readonly Finding[] {
  const remedy = 'Set approvals.requesters and approvals.approvers (docs/settings.md).';
  if (rules.approvers.length === 0) {
    return [warning(about, 'Nobody may approve, so guarded actions are refused.', remedy)];
  }
  if (rules.requesters.length === 0) {
    return [warning(about, 'Nobody may propose, so guarded actions are refused.', remedy)];
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
  const stricter = [...classes].flatMap(([jobClass, policy]) => {
    const ofClass = rulesForClass(rules, policy);
    return requiredBy(ofClass) > requiredBy(rules)
      ? judgeClass(about, jobClass, requiredBy(ofClass), mostOf(counted))
      : [];
  });
  return [judgeAll(about, rules, counted), ...stricter];
}

/** For each person who may propose, the others whose agreement counts. */
type Counted = readonly (readonly PersonFacts[])[];

function judgeAll(about: string, rules: ApprovalRules, counted: Counted): Finding {
  if (counted.some((others) => isQuorum(others, rules))) {
    return good(about, 'Guarded actions can find the people that they need.');
  }
  const required = requiredBy(rules);
  return mostOf(counted) >= required
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

/** Only by their number: a class has the lists of all_of that all have, and what is wrong with those is told above. */
function judgeClass(about: string, jobClass: string, required: number, most: number): readonly Finding[] {
  if (most >= required) return [];
  const there = most === 0 ? 'there is nobody else' : `there ${most === 1 ? 'is' : 'are'} at most ${most}`;
  return [
    wrong(
      about,
      `classes.${jobClass}.required wants ${required} others to agree, and whoever proposes, ${there}: no action on this class can be approved.`,
      'Name more approvers (approvals.approvers), or want fewer for this class.',
    ),
  ];
}

/** How many others there are at most, whoever proposes. */
function mostOf(counted: Counted): number {
  return Math.max(0, ...counted.map((others) => others.length));
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
