import type { Identity, PersonFacts } from './person.ts';
import { distinctPeople, ineligibility, isNamed, isSamePerson } from './person.ts';
import type { ApprovalRules } from './rules.ts';

/** Those of `people` whose agreement counts: eligible, named as approvers now, each human once, never the requester. */
export function countedApprovers(
  people: readonly PersonFacts[],
  requester: Identity,
  rules: ApprovalRules,
): readonly PersonFacts[] {
  const counted = people.filter(
    (facts) =>
      ineligibility(facts) === undefined &&
      rules.approvers.some((set) => isNamed(facts, set.ids)) &&
      !isSamePerson(facts.identity, requester),
  );
  return distinctPeople(counted);
}

/** How many people besides the requester, at least as many as all sets need together. */
export function requiredBy(rules: ApprovalRules): number {
  const bySets = rules.approvers.reduce((sum, set) => sum + set.required, 0);
  return Math.max(1, rules.required, bySets);
}

/** Do these people, who must have been counted already, suffice? */
export function isQuorum(counted: readonly PersonFacts[], rules: ApprovalRules): boolean {
  return rules.approvers.length > 0 && counted.length >= requiredBy(rules) && fillsSets(counted, rules);
}

/**
 * Can every set get its people with nobody speaking for two? Each set has as many seats as it requires; people are
 * seated one after another, and those who sit may move to let another sit (augmenting paths). Ann of both groups and
 * Ben of the first fill one seat in each only when Ann takes the second.
 */
function fillsSets(counted: readonly PersonFacts[], rules: ApprovalRules): boolean {
  const seats = rules.approvers.flatMap((set) => Array.from({ length: set.required }, () => set));
  const takenBy = new Map<number, number>();
  const seat = (who: number, tried: Set<number>): boolean =>
    seats.some((set, index) => {
      const facts = counted[who];
      if (facts === undefined || tried.has(index) || !isNamed(facts, set.ids)) return false;
      tried.add(index);
      const sitting = takenBy.get(index);
      if (sitting !== undefined && !seat(sitting, tried)) return false;
      takenBy.set(index, who);
      return true;
    });
  counted.forEach((_, who) => {
    seat(who, new Set());
  });
  return takenBy.size === seats.length;
}
