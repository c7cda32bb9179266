import type { PlanWords } from '../actions/action.ts';
import { duration, exact } from '../amounts.ts';
import { plannedCount } from '../plan.ts';
import type { Answer, Button, Part, Tone } from '../reply/reply.ts';
import { at, bold, code, type Span, say, type Text } from '../reply/text.ts';
import { buttonsOf } from './press.ts';
import { isIn, type Progress, type Proposal } from './proposal.ts';
import { requiredBy } from './quorum.ts';
import { whatHappened } from './refusals.ts';
import type { ApprovalRules } from './rules.ts';

/**
 * The one renderer of a proposal: message and list show the stored state through it, whoever changed it. Its headline is
 * what notifications and screen readers say: who asks, for what, how much, and how it stands. `next` leads on when it has
 * ended.
 */
export function proposalAnswer(
  proposal: Proposal,
  words: PlanWords,
  rules: ApprovalRules,
  next: readonly Button[] = [],
): Answer {
  const { requester, plan } = proposal;
  const count = plannedCount(plan);
  return {
    type: 'answer',
    tone: toneOf(proposal),
    headline: say`${requester.name} asks to ${words.headline} on ${code(plan.sidekiq)} (${howMuch(count)}): ${shortState(proposal)}`,
    parts: [
      { type: 'paragraph', text: say`${bold(STATES[proposal.now.state])}. ${stateInFull(proposal, rules)}` },
      ...driftParts(proposal),
      ...words.details.map((text): Part => ({ type: 'paragraph', text })),
      { type: 'facts', facts: factsOf(proposal) },
      ...sideEffectParts(proposal),
      { type: 'note', text: footOf(proposal) },
    ],
    buttons: [...buttonsOf(proposal), ...next],
    data: proposalJson(proposal),
  };
}

/** The documented shape (docs/json.md). */
export function proposalJson({ id, plan, requester, reason, proposedAtMs, required, now }: Proposal) {
  return {
    id,
    state: now.state,
    action: plan.action,
    sidekiq: plan.sidekiq,
    target: plan.target,
    count: plannedCount(plan),
    requester: requester.name,
    reason,
    required,
    proposedAt: new Date(proposedAtMs).toISOString(),
    endedAt: 'endedAtMs' in now ? new Date(now.endedAtMs).toISOString() : null,
  };
}

export const STATES: Readonly<Record<Proposal['now']['state'], string>> = {
  proposed: 'Waits for approval',
  approved: 'Approved',
  denied: 'Denied',
  cancelled: 'Cancelled',
  expired: 'Expired',
  executing: 'Running',
  interrupted: 'Interrupted',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** “1 affected”; what it is that is counted, the action's own words say. */
function howMuch(count: number): string {
  return `${exact(count)} affected`;
}

function shortState(proposal: Proposal): string {
  const { now } = proposal;
  if (now.state === 'proposed') return `waits for approval, ${now.votes.length} of ${proposal.required}`;
  return STATES[now.state].toLowerCase();
}

function toneOf({ now }: Proposal): Tone {
  switch (now.state) {
    case 'done':
      return 'good';
    case 'failed':
      return 'bad';
    case 'proposed':
    case 'approved':
    case 'executing':
    case 'interrupted':
      return 'warning';
    default:
      return 'neutral';
  }
}

function stateInFull(proposal: Proposal, rules: ApprovalRules): Text {
  const { now } = proposal;
  if (now.state === 'proposed') {
    const needed = Math.max(proposal.required, requiredBy(rules));
    const people = needed === 1 ? '1 person' : `${needed} people`;
    const voted = now.votes.length === 0 ? '' : ` ${names(now.votes)} agreed already.`;
    return say`It takes ${people} besides ${proposal.requester.name}, until ${at(now.expiresAtMs)}.${voted} ${whoMay(rules)}`;
  }
  const happened = whatHappened(proposal);
  if (isIn(proposal, 'executing', 'interrupted')) {
    const { progress, stop, startedAtMs } = proposal.now;
    const asked =
      stop === null ? [] : say` ${stop.person.name} asked it to stop: it ends after the present step.`;
    return say`${happened}${progressIn(progress, startedAtMs)}${asked}`;
  }
  if (isIn(proposal, 'done', 'stopped', 'failed')) {
    return say`${happened} Approved by ${names(proposal.now.approval.votes)}.`;
  }
  return happened;
}

function whoMay(rules: ApprovalRules): Text {
  const sets = rules.approvers.flatMap(({ ids }, index) => {
    const named = ids.flatMap((id, nth): Span[] => [nth === 0 ? '' : ' or ', code(id)]);
    return [index === 0 ? '' : '; and ', ...named];
  });
  return say`Who may: ${sets}.`;
}

/** Done, rate and time left. */
function progressIn(progress: Progress | null, startedAtMs: number): string {
  if (progress === null) return '';
  const { done, planned, note, atMs } = progress;
  const words = [` ${exact(done)} of ${exact(planned)} done`];
  const tookS = (atMs - startedAtMs) / 1000;
  if (done > 0 && done < planned && tookS >= 1) {
    const perSecond = done / tookS;
    words.push(
      `${exact(Math.max(1, Math.round(perSecond)))} a second`,
      `about ${duration(((planned - done) / perSecond) * 1000)} left`,
    );
  }
  return `${words.join(', ')}${note === '' ? '' : `: ${note}`}.`;
}

function driftParts({ now }: Proposal): readonly Part[] {
  if (now.state !== 'proposed' || now.drift.length === 0) return [];
  const items = now.drift.map((text) => ({ tone: 'warning' as const, text: say`${text}` }));
  return [
    {
      type: 'paragraph',
      text: say`It was approved, and then was no longer what had been approved. Agree anew, or deny:`,
    },
    { type: 'list', items },
  ];
}

function factsOf({ requester, reason, plan }: Proposal) {
  const places = plan.places.map(({ name, count }) => `${name} (${exact(count)})`);
  const shown = places.slice(0, PLACES);
  const more = places.length - shown.length;
  return [
    { label: 'Asked by', value: say`${requester.name}` },
    { label: 'Reason', value: say`${reason}` },
    {
      label: 'Where',
      value: say`${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    },
    { label: 'At most', value: say`${exact(plan.cap)}` },
    ...(plan.cutOffMs === null ? [] : [{ label: 'Created before', value: say`${at(plan.cutOffMs)}` }]),
    { label: 'Undo', value: say`${plan.undo}` },
  ];
}

const PLACES = 8;

function sideEffectParts({ plan }: Proposal): readonly Part[] {
  if (plan.sideEffects.length === 0) return [];
  const items = plan.sideEffects.map((effect) => ({ tone: 'warning' as const, text: say`${effect}` }));
  return [{ type: 'list', items }];
}

function footOf({ id, fingerprint, proposedAtMs }: Proposal): Text {
  return say`${code(id)}, proposed ${at(proposedAtMs)}, plan ${code(fingerprint.slice(0, 12))}`;
}

function names(votes: readonly { readonly person: { readonly name: string } }[]): string {
  return votes.map(({ person }) => person.name).join(' and ');
}
