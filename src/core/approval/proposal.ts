import { z } from 'zod';
import { encodeCanonical, parseCanonical } from '../canonical.ts';
import { readPlan } from '../plan.ts';
import { readIdentity } from './person.ts';

/**
 * The life of a proposal:
 *
 *   proposed ─ approved ─ executing ─ done | stopped | failed
 *      │  ▲        │          │  ▲
 *      │  └ drift ─┤   interrupted ┘
 *      └ denied | cancelled | expired
 *
 * Each state has its own data, so that a waiting proposal and an approved one are different types. `version` goes up by
 * one with every change: the store replaces a proposal only when it still has the version that was decided upon.
 */
const moment = z.int();
const count = z.int().nonnegative();

const vote = z.strictObject({ person: readIdentity, atMs: moment }).readonly();

const progress = z.strictObject({ done: count, planned: count, atMs: moment, note: z.string() }).readonly();

const stopRequest = z.strictObject({ person: readIdentity, atMs: moment }).readonly();

const approval = z
  .strictObject({ votes: z.array(vote).readonly(), approvedAtMs: moment, executeByMs: moment })
  .readonly();

const state = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('proposed'),
    votes: z.array(vote).readonly(),
    expiresAtMs: moment,
    /** What had changed when an approved plan was sent back to the people; empty at first. */
    drift: z.array(z.string()).readonly(),
  }),
  z.strictObject({ state: z.literal('approved'), approval }),
  z.strictObject({ state: z.literal('denied'), person: readIdentity, reason: z.string(), endedAtMs: moment }),
  z.strictObject({ state: z.literal('cancelled'), person: readIdentity, endedAtMs: moment }),
  z.strictObject({
    state: z.literal('expired'),
    /** What it was waiting for. */
    awaited: z.enum(['approval', 'start']),
    endedAtMs: moment,
  }),
  z.strictObject({
    state: z.literal('executing'),
    approval,
    startedAtMs: moment,
    /** Of the lease under which it runs: whoever writes with an older one has lost it. */
    fence: count,
    progress: progress.nullable(),
    stop: stopRequest.nullable(),
  }),
  z.strictObject({
    state: z.literal('interrupted'),
    approval,
    startedAtMs: moment,
    fence: count,
    progress: progress.nullable(),
    stop: stopRequest.nullable(),
    why: z.string(),
    interruptedAtMs: moment,
  }),
  z.strictObject({
    state: z.literal('done'),
    approval,
    startedAtMs: moment,
    progress: progress.nullable(),
    result: z.string(),
    endedAtMs: moment,
  }),
  z.strictObject({
    state: z.literal('stopped'),
    approval,
    /** Null when it was stopped before it began. */
    startedAtMs: moment.nullable(),
    progress: progress.nullable(),
    stop: stopRequest,
    result: z.string(),
    endedAtMs: moment,
  }),
  z.strictObject({
    state: z.literal('failed'),
    approval,
    startedAtMs: moment.nullable(),
    progress: progress.nullable(),
    /** What went wrong, and what was and was not done. */
    reason: z.string(),
    endedAtMs: moment,
  }),
]);

const common = z.strictObject({
  id: z.string().min(1),
  version: z.int().positive(),
  plan: readPlan,
  fingerprint: z.string(),
  requester: readIdentity,
  reason: z.string().min(1),
  /** The Slack channel it was asked in. */
  channelId: z.string(),
  /** How many people must agree, as was shown; settings can raise it afterwards, never lower it. */
  required: z.int().positive(),
  proposedAtMs: moment,
});

const readProposal = z.strictObject({ ...common.shape, now: state });

type State = Readonly<z.output<typeof state>>;
export type StateName = State['state'];
/** The data of one state: `Now<'executing'>`. */
export type Now<Name extends StateName> = Extract<State, { readonly state: Name }>;
export type Proposal<Name extends StateName = StateName> = Readonly<z.output<typeof common>> & {
  readonly now: Now<Name>;
};
export type Vote = z.output<typeof vote>;
export type Progress = z.output<typeof progress>;

const OPEN: readonly StateName[] = ['proposed', 'approved', 'executing', 'interrupted'];

/** Is there still something to wait for? */
export function isOpen(proposal: Proposal): boolean {
  return OPEN.includes(proposal.now.state);
}

/** Narrows a proposal to a state, so that what the state holds can be read. */
export function isIn<Name extends StateName>(
  proposal: Proposal,
  ...names: readonly Name[]
): proposal is Proposal<Name> {
  return (names as readonly StateName[]).includes(proposal.now.state);
}

/** When the clock must look at it again: expiry of the waiting ones. */
export function deadlineMs(proposal: Proposal): number | undefined {
  const { now } = proposal;
  if (now.state === 'proposed') return now.expiresAtMs;
  return now.state === 'approved' ? now.approval.executeByMs : undefined;
}

export function encodeProposal(proposal: Proposal): string {
  return encodeCanonical(proposal);
}

/** Undefined for anything that `encodeProposal` did not write. */
export function parseProposal(text: string): Proposal | undefined {
  return readProposal.safeParse(parseCanonical(text)).data;
}
