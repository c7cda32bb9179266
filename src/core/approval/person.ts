import { z } from 'zod';

/** Who did something: enough to know the same human again, and the name as it was then. */
export const readPerson = z
  .strictObject({
    userId: z.string().min(1),
    /** On Enterprise Grid one human can have an id per workspace; this one is the same in all of them. */
    enterpriseUserId: z.string().min(1).nullable(),
    name: z.string(),
  })
  .readonly();

export type Person = z.output<typeof readPerson>;

/** What Slack said of a person a moment ago, with the user groups resolved. */
export type PersonFacts = {
  readonly person: Person;
  /** Ids of the user groups they are in now, of those that the settings name. */
  readonly groupIds: ReadonlySet<string>;
  readonly teamId: string;
  readonly enterpriseId: string | null;
  readonly isDeactivated: boolean;
  /** A bot, a workflow or a connector. */
  readonly isBot: boolean;
  /** Single- or multi-channel guest. */
  readonly isGuest: boolean;
  /** From another company, through a shared channel. */
  readonly isStranger: boolean;
};

/** Where the bot is installed. */
export type Home = { readonly teamId: string; readonly enterpriseId: string | null };

/** The same human in whatever disguise: the same id in any of the places where Slack writes one. */
export function isSamePerson(one: Person, other: Person): boolean {
  const ids = idsOf(one);
  return idsOf(other).some((id) => ids.includes(id));
}

/** Each human once. */
export function distinctPeople<T extends { readonly person: Person }>(people: readonly T[]): readonly T[] {
  return people.filter(
    (candidate, index) =>
      !people.slice(0, index).some((earlier) => isSamePerson(earlier.person, candidate.person)),
  );
}

/** Why this person may have no part in anything guarded, or undefined when they may. */
export function ineligibility(facts: PersonFacts, home: Home): string | undefined {
  if (facts.isBot) return 'Bots and workflows have no say here.';
  if (facts.isDeactivated) return 'This account is deactivated.';
  if (facts.isGuest) return 'Guests have no say here.';
  const isOurTeam = facts.teamId === home.teamId;
  const isOurEnterprise = home.enterpriseId !== null && facts.enterpriseId === home.enterpriseId;
  if (facts.isStranger || !(isOurTeam || isOurEnterprise))
    return 'People of another workspace have no say here.';
  return undefined;
}

/** Is this person named, by id or through a user group? */
export function isNamed(facts: PersonFacts, ids: readonly string[]): boolean {
  return ids.some((id) => idsOf(facts.person).includes(id) || facts.groupIds.has(id));
}

function idsOf(person: Person): readonly string[] {
  return person.enterpriseUserId === null ? [person.userId] : [person.userId, person.enterpriseUserId];
}
