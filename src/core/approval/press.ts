import { fingerprintOfPlan } from '../plan.ts';
import { type ActButton, type Refusal, refuse } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import type { Proposal } from './proposal.ts';

/** The acts on a proposal. They stand in messages for days: never give one another meaning. */
const ACTS = {
  approve: 'proposal.approve',
  deny: 'proposal.deny',
  cancel: 'proposal.cancel',
  stop: 'proposal.stop',
} as const;

export type ActName = keyof typeof ACTS;

export function actNamed(act: string): ActName | undefined {
  const names: readonly ActName[] = ['approve', 'deny', 'cancel', 'stop'];
  return names.find((name) => ACTS[name] === act);
}

/**
 * What a button carries: which proposal, and the fingerprint of the plan that was on the screen, `k7q2mp/9f86d0…`. It is an
 * order by itself no more than a name is: everything else is read from the store.
 */
export function carriedBy(proposal: Proposal): string {
  return `${proposal.id}/${fingerprintOfPlan(proposal.plan)}`;
}

export type PressedValue = { readonly id: string; readonly fingerprint: string };

export function parseValue(value: string): PressedValue | undefined {
  const parts = /^([a-z0-9]{1,32})\/([0-9a-f]{64})$/.exec(value);
  return parts === null ? undefined : { id: parts[1] ?? '', fingerprint: parts[2] ?? '' };
}

export const UNKNOWN_PROPOSAL: Refusal = refuse(
  'unknown_proposal',
  say`I know of no proposal that this belongs to.`,
  say`Nothing was done. ${code('/sidekiq actions')} lists what is open.`,
);

/** The buttons that its state leaves. Each press is judged anew: a button is an offer, not a right. */
export function buttonsOf(proposal: Proposal): readonly ActButton[] {
  const value = carriedBy(proposal);
  const { now } = proposal;
  switch (now.state) {
    case 'proposed':
      return [
        {
          type: 'act',
          act: ACTS.approve,
          label: 'Approve',
          value,
          style: 'primary',
          confirm: {
            title: 'Approve this?',
            text: `${proposal.plan.action} ${proposal.plan.target} on ${proposal.plan.sidekiq}. ${proposal.plan.undo}`,
            yes: 'Approve',
          },
        },
        { type: 'act', act: ACTS.deny, label: 'Deny', value, style: 'danger' },
        { type: 'act', act: ACTS.cancel, label: 'Cancel', value },
      ];
    case 'approved':
      return [stop(value)];
    case 'executing':
    case 'interrupted':
      return now.stop === null ? [stop(value)] : [];
    case 'denied':
    case 'cancelled':
    case 'expired':
    case 'done':
    case 'stopped':
    case 'failed':
      return [];
    default:
      return now satisfies never;
  }
}

function stop(value: string): ActButton {
  return { type: 'act', act: ACTS.stop, label: 'Stop', value, style: 'danger' };
}
