import type { Actor, Entry } from '../audit/entry.ts';
import type { Refusal } from '../reply/reply.ts';
import { refuse } from '../reply/reply.ts';
import { plainText, type Text } from '../reply/text.ts';
import type { Identity, PersonFacts } from './person.ts';
import type { Now, Proposal, StateName } from './proposal.ts';
import type { ApprovalRules } from './rules.ts';

/** What Slack said when it was asked; 'unknown' when it could not be, which counts as a no. */
export type Asked<T> = T | 'unknown';

/** Somebody pressed a button or submitted a modal. */
export type Click = {
  readonly person: Identity;
  readonly facts: Asked<PersonFacts>;
  /** What the button carried: the plan that was on their screen. */
  readonly fingerprint: string;
};

/** What holds at this moment. */
export type Circumstances = {
  readonly nowMs: number;
  /** As the settings are now, not as they were when it was proposed. */
  readonly rules: ApprovalRules;
  /** Where it happened: a Slack channel id, or the part of the program. */
  readonly where: string;
};

/** To be written in one transaction, or not at all: the new state with its records, or the record of a refusal. */
export type Decision<Name extends StateName = StateName> =
  | { readonly type: 'moved'; readonly next: Proposal<Name>; readonly entries: readonly Entry[] }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly entries: readonly Entry[] };

/** What a record tells beyond the proposal that it is about. */
export type Told = {
  readonly who: Actor;
  readonly what: string;
  readonly why?: string;
  readonly result: string;
};

/** The next state of the same proposal. */
export function moved<Name extends StateName>(
  proposal: Proposal,
  now: Now<Name>,
  circumstances: Circumstances,
  ...told: readonly Told[]
): Decision<Name> {
  const next = { ...proposal, version: proposal.version + 1, now };
  return { type: 'moved', next, entries: told.map((each) => entryOf(proposal, each, circumstances)) };
}

/** A no to a person, which is recorded like a yes. */
export function refused(
  about: Pick<Proposal, 'plan' | 'fingerprint'> & { readonly id: string | null },
  who: Identity,
  circumstances: Circumstances,
  [code, reason, remedy]: No,
): Decision<never> {
  const told = { who: actorOf(who), what: 'refused', why: code, result: plainText(reason) };
  return {
    type: 'refused',
    refusal: refuse(code, reason, remedy),
    entries: [entryOf(about, told, circumstances)],
  };
}

/** A no to the program itself: a lost race between two of its parts is not an event for the record. */
export function declined([code, reason, remedy]: No): Decision<never> {
  return { type: 'refused', refusal: refuse(code, reason, remedy), entries: [] };
}

/** Code, reason and remedy of a refusal. */
export type No = readonly [code: string, reason: Text, remedy: Text];

/** A record about a proposal. */
export function entryOf(
  about: Pick<Proposal, 'plan' | 'fingerprint'> & { readonly id: string | null },
  { who, what, why = '', result }: Told,
  { nowMs, where }: Circumstances,
): Entry {
  return {
    who,
    what,
    where,
    atMs: nowMs,
    why,
    sidekiq: about.plan.sidekiq,
    proposalId: about.id,
    fingerprint: about.fingerprint,
    result,
  };
}

/** Who pressed: as Slack describes them, or as the click did when Slack could not be asked. */
export function personOf({ person, facts }: Click): Identity {
  return facts === 'unknown' ? person : facts.identity;
}

export function actorOf(person: Identity): Actor {
  return { id: person.userId, name: person.name };
}
