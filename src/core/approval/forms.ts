import { type Plan, plannedCount } from '../plan.ts';
import type { Field, Form } from '../reply/form.ts';
import { bold, code, say, type Text } from '../reply/text.ts';
import { carriedBy } from './press.ts';
import type { Proposal } from './proposal.ts';
import { needsTyping } from './propose.ts';
import { type ApprovalRules, MAX_REASON_LENGTH } from './rules.ts';

/** The windows of proposals, by the name under which their submission comes back. */
export const FORMS = { deny: 'proposal.deny', confirm: 'proposal.confirm' } as const;

/** A denial asks for a reason: the requester learns from it. */
export function denyForm(proposal: Proposal, headline: Text): Form {
  return {
    type: 'form',
    form: FORMS.deny,
    title: 'Deny',
    submit: 'Deny',
    value: carriedBy(proposal),
    words: [say`${bold(proposal.requester.name)} asks to ${headline}, because: ${proposal.reason}`],
    fields: [reasonField('Why not?', 'It ends the proposal, and everybody can read it.')],
  };
}

/** What the requester sees and writes before a plan becomes a proposal. `draftId` finds the plan again, at any bot. */
export function confirmForm(
  plan: Plan,
  headline: Text,
  rules: ApprovalRules,
  { draftId, reason }: { readonly draftId: string; readonly reason: string },
): Form {
  const count = plannedCount(plan);
  const typed: Field = {
    name: 'typed',
    label: 'Confirm by typing',
    hint: `${plan.target} or ${count}`,
    input: { type: 'text', isLong: false, maxLength: 300 },
  };
  return {
    type: 'form',
    form: FORMS.confirm,
    title: 'Propose',
    submit: 'Propose',
    value: draftId,
    words: [
      say`You propose to ${headline} on ${code(plan.sidekiq)}: ${count} affected. ${plan.undo}`,
      ...plan.sideEffects.map((effect) => say`${effect}`),
      ...(plan.notes ?? []).map((note) => say`${note}`),
      ...(reason === '' ? [] : [say`Reason: ${reason}`]),
    ],
    fields: [
      ...(reason === '' ? [reasonField('Why?', 'The approvers decide by it.')] : []),
      ...(needsTyping(plan, rules) ? [typed] : []),
    ],
  };
}

function reasonField(label: string, hint: string): Field {
  return {
    name: 'reason',
    label,
    hint,
    input: { type: 'text', isLong: true, maxLength: MAX_REASON_LENGTH },
  };
}
