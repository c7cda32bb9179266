import { at, bold, code, say, type Text } from '../reply/text.ts';
import type { Asked, Click, No } from './decision.ts';
import { ineligibility, type PersonFacts } from './person.ts';
import type { Proposal } from './proposal.ts';

/** The refusals that several events share: who may press at all, and what was already decided. */

const NOTHING_DONE = say`Your click changed nothing.`;

/** People and groups are asked of Slack on every click; no answer is a no. */
export const SLACK_UNKNOWN: No = [
  'slack_unknown',
  say`Slack could not be asked who you are and who may approve, so this does not count.`,
  say`Try again in a minute.`,
];

/** Is this somebody who may have a part in guarded actions at all? Unknown is a no. */
export function refusalOfPerson(facts: Asked<PersonFacts>): No | undefined {
  if (facts === 'unknown') return SLACK_UNKNOWN;
  const why = ineligibility(facts);
  return why === undefined
    ? undefined
    : ['not_eligible', say`${why}`, say`Ask a full member of this workspace.`];
}

/** A click by the right kind of person, on the plan that is stored. */
export function checkClick(proposal: Proposal, { facts, fingerprint }: Click): Checked<PersonFacts> {
  const no = refusalOfPerson(facts);
  if (no !== undefined || facts === 'unknown') return { no: no ?? SLACK_UNKNOWN };
  if (fingerprint === proposal.fingerprint) return { facts };
  return {
    no: [
      'another_plan',
      say`The plan is not the one that this button was made for.`,
      say`Read the message of ${code(proposal.id)} as it is now and press there.`,
    ],
  };
}

/** Facts that were found good, or why not. */
export type Checked<Facts> =
  | { readonly facts: Facts; readonly no?: never }
  | { readonly facts?: never; readonly no: No };

/** Two pressed, or the message was old: the second is told what happened. */
export function alreadyDecided(proposal: Proposal): No {
  return ['already_decided', whatHappened(proposal), NOTHING_DONE];
}

/** Its time was over before the clock had marked it. */
export function tooLate(proposal: Proposal, wasDueMs: number): No {
  return [
    'expired',
    say`The time for ${code(proposal.id)} was over at ${at(wasDueMs)}.`,
    say`Propose it again; the counts will be fresh.`,
  ];
}

/** The state in a sentence. */
export function whatHappened(proposal: Proposal): Text {
  const { now } = proposal;
  switch (now.state) {
    case 'proposed':
      return say`It waits for approval until ${at(now.expiresAtMs)}.`;
    case 'approved':
      return say`It was approved by ${names(now.approval.votes)} at ${at(now.approval.approvedAtMs)}.`;
    case 'denied':
      return say`It was denied by ${bold(now.person.name)} at ${at(now.endedAtMs)}: ${now.reason}`;
    case 'cancelled':
      return say`It was cancelled by ${bold(now.person.name)} at ${at(now.endedAtMs)}.`;
    case 'expired':
      return now.awaited === 'approval'
        ? say`It expired at ${at(now.endedAtMs)} without enough approvals.`
        : say`It was approved but not started in time, and expired at ${at(now.endedAtMs)}.`;
    case 'executing':
      return say`It was approved by ${names(now.approval.votes)} and has been running since ${at(now.startedAtMs)}.`;
    case 'interrupted':
      return say`It was interrupted at ${at(now.interruptedAtMs)} and will be resumed.`;
    case 'done':
      return say`It was done at ${at(now.endedAtMs)}: ${now.result}`;
    case 'stopped':
      return say`It was stopped by ${bold(now.stop.person.name)} at ${at(now.endedAtMs)}: ${now.result}`;
    case 'failed':
      return say`It failed at ${at(now.endedAtMs)}: ${now.reason}`;
    default:
      return now satisfies never;
  }
}

function names(votes: readonly { readonly person: { readonly name: string } }[]): string {
  return votes.map((vote) => vote.person.name).join(' and ');
}
