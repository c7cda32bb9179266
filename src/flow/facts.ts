import type { Asked } from '../core/approval/decision.ts';
import type { Identity, PersonFacts } from '../core/approval/person.ts';
import type { ApprovalRules } from '../core/approval/rules.ts';
import type { Person } from '../core/people.ts';
import type { Directory } from '../ports/chat.ts';

/**
 * What chat says of people at this moment, never what it said before: somebody may have been taken out of a group a second
 * ago. Where chat does not answer, the whole answer is 'unknown', and whoever decides by it says no.
 */
export async function factsOf(
  userIds: readonly string[],
  rules: ApprovalRules,
  directory: Directory,
): Promise<Asked<readonly PersonFacts[]>> {
  const groups = await membersOf(groupsIn(rules), directory);
  if (groups === 'unknown') return 'unknown';
  const people = await Promise.all(userIds.map((id) => directory.personNow(id)));
  const known = people.filter((person) => person !== undefined);
  if (known.length < people.length) return 'unknown';
  return known.map((person) => factsFrom(person, groups));
}

/** Everybody who may approve, those named by id and those in groups. */
export async function approversOf(
  rules: ApprovalRules,
  directory: Directory,
): Promise<Asked<readonly PersonFacts[]>> {
  const named = rules.approvers.flatMap(({ ids }) => ids);
  const groups = await membersOf(named.filter(isGroup), directory);
  if (groups === 'unknown') return 'unknown';
  const members = [...groups.values()].flatMap((ids) => [...ids]);
  const userIds = new Set([...named.filter((id) => !isGroup(id)), ...members]);
  return factsOf([...userIds], rules, directory);
}

export function identityOf({ id, enterpriseUserId, name }: Person): Identity {
  return { userId: id, enterpriseUserId, name };
}

function factsFrom(person: Person, groups: ReadonlyMap<string, ReadonlySet<string>>): PersonFacts {
  const { isBot, isGuest, isOutsider, isDeactivated } = person;
  const identity = identityOf(person);
  const ids = [identity.userId, identity.enterpriseUserId].filter((id) => id !== null);
  const groupIds = [...groups].filter(([, members]) => ids.some((id) => members.has(id))).map(([id]) => id);
  return { isBot, isGuest, isOutsider, isDeactivated, identity, groupIds: new Set(groupIds) };
}

async function membersOf(
  groupIds: readonly string[],
  directory: Directory,
): Promise<Asked<ReadonlyMap<string, ReadonlySet<string>>>> {
  const members = new Map<string, ReadonlySet<string>>();
  const read = async (id: string) => ({ id, ids: await directory.membersNow(id) });
  for (const { id, ids } of await Promise.all([...new Set(groupIds)].map(read))) {
    if (ids === undefined) return 'unknown';
    members.set(id, new Set(ids));
  }
  return members;
}

function groupsIn({ requesters, approvers }: ApprovalRules): readonly string[] {
  return [...requesters, ...approvers.flatMap(({ ids }) => ids)].filter(isGroup);
}

/** Slack's ids of user groups begin with S; those of people with U or W. */
function isGroup(id: string): boolean {
  return id.startsWith('S');
}
