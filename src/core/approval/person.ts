import { z } from 'zod';
import type { Person } from '../people.ts';

/** Who did something: enough to know the same human again, and the name as it was then. */
export const readIdentity = z
  .strictObject({
    userId: z.string().min(1),
    /** On Enterprise Grid one human can have an id per workspace; this one is the same in all of them. */
    enterpriseUserId: z.string().min(1).nullable(),
    name: z.string(),
  })
  .readonly();

export type Identity = z.output<typeof readIdentity>;

/** What chat said of a person a moment ago, with the user groups resolved. */
export type PersonFacts = Pick<Person, 'isBot' | 'isGuest' | 'isOutsider' | 'isDeactivated'> & {
  readonly identity: Identity;
  /** Ids of the user groups they are in now, of those that the settings name. */
  readonly groupIds: ReadonlySet<string>;
};

/** The same human in whatever disguise: the same id in any of the places where Slack writes one. */
export function isSamePerson(one: Identity, other: Identity): boolean {
  const ids = idsOf(one);
  return idsOf(other).some((id) => ids.includes(id));
}

/** Each human once. */
export function distinctPeople<T extends { readonly identity: Identity }>(
  people: readonly T[],
): readonly T[] {
  return people.filter(
    (candidate, index) =>
      !people.slice(0, index).some((earlier) => isSamePerson(earlier.identity, candidate.identity)),
  );
}

/** Why this person may have no part in anything guarded, or undefined when they may. */
export function ineligibility(facts: PersonFacts): string | undefined {
  if (facts.isBot) return 'Bots and workflows have no say here.';
  if (facts.isDeactivated) return 'This account is deactivated.';
  if (facts.isOutsider) return 'People of another organisation have no say here.';
  return facts.isGuest ? 'Guests have no say here.' : undefined;
}

/** Is this person named, by id or through a user group? */
export function isNamed(facts: PersonFacts, ids: readonly string[]): boolean {
  return ids.some((id) => idsOf(facts.identity).includes(id) || facts.groupIds.has(id));
}

function idsOf({ userId, enterpriseUserId }: Identity): readonly string[] {
  return enterpriseUserId === null ? [userId] : [userId, enterpriseUserId];
}
