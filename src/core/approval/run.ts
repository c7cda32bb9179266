import { BOT } from '../audit/entry.ts';
import type { Drift } from '../drift.ts';
import { fingerprintOfPlan, type Plan } from '../plan.ts';
import { code, say } from '../reply/text.ts';
import { type Circumstances, type Decision, declined, moved, type No } from './decision.ts';
import { isIn, type Progress, type Proposal } from './proposal.ts';
import { requiredBy } from './quorum.ts';
import { alreadyDecided, tooLate } from './refusals.ts';

/**
 * What the executor tells of an approved action. Each call carries the fencing number of its lease; a bot that was held
 * for dead and comes back finds a higher number in the state and can write nothing more.
 */

/**
 * The plan was made again: the deed begins, or it goes back to the people with the difference in words, votes void.
 */
export function start(
  proposal: Proposal,
  { fence, fresh, drift }: { readonly fence: number; readonly fresh: Plan; readonly drift: Drift },
  circumstances: Circumstances,
): Decision<'executing' | 'proposed' | 'failed'> {
  if (!isIn(proposal, 'approved')) return declined(alreadyDecided(proposal));
  const { nowMs, rules } = circumstances;
  const { approval } = proposal.now;
  if (nowMs >= approval.executeByMs) return declined(tooLate(proposal, approval.executeByMs));
  if (rules.isForbidden) {
    return endBeforeStart(proposal, 'The settings now protect it; nothing was done.', circumstances);
  }
  if (drift !== 'same or less') {
    const back = {
      ...proposal,
      plan: fresh,
      fingerprint: fingerprintOfPlan(fresh),
      required: Math.max(proposal.required, requiredBy(rules)),
    };
    const now = { state: 'proposed', votes: [], expiresAtMs: nowMs + rules.expiresMs, drift } as const;
    return moved(back, now, circumstances, { who: BOT, what: 'drift', result: drift.join(' ') });
  }
  const now = {
    state: 'executing',
    approval,
    startedAtMs: nowMs,
    fence,
    progress: null,
    stop: null,
  } as const;
  return moved(proposal, now, circumstances, {
    who: BOT,
    what: 'started',
    result: 'the plan is as approved or less',
  });
}

/** A step is about to be, or was, made durable: written in the same transaction as what it tells of. */
export function recordProgress(
  proposal: Proposal,
  { fence, progress }: { readonly fence: number; readonly progress: Progress },
  circumstances: Circumstances,
): Decision<'executing'> {
  if (!isRunning(proposal, fence)) return declined(lostLease(proposal));
  if (progress.done > proposal.plan.cap) {
    return declined([
      'beyond_cap',
      say`${progress.done} is more than the ${proposal.plan.cap} that were approved at most.`,
      say`The action must stop here.`,
    ]);
  }
  const { done, planned, note } = progress;
  const told = { who: BOT, what: 'step', result: `${done} of ${planned}${note === '' ? '' : `: ${note}`}` };
  return moved(proposal, { ...proposal.now, progress }, circumstances, told);
}

/** It did what it was to do. */
export function finish(
  proposal: Proposal,
  { fence, result }: { readonly fence: number; readonly result: string },
  circumstances: Circumstances,
): Decision<'done'> {
  if (!isRunning(proposal, fence)) return declined(lostLease(proposal));
  const { approval, startedAtMs, progress } = proposal.now;
  const endedAtMs = circumstances.nowMs;
  const now = { state: 'done', approval, startedAtMs, progress, result, endedAtMs } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'done', result });
}

/** It ended between two steps because somebody asked for it; `result` describes where that left things. */
export function halt(
  proposal: Proposal,
  { fence, result }: { readonly fence: number; readonly result: string },
  circumstances: Circumstances,
): Decision<'stopped'> {
  if (!isRunning(proposal, fence)) return declined(lostLease(proposal));
  const { approval, startedAtMs, progress, stop } = proposal.now;
  if (stop === null) {
    return declined(['not_asked', say`Nobody asked ${code(proposal.id)} to stop.`, say`Go on, or fail.`]);
  }
  const endedAtMs = circumstances.nowMs;
  const now = { state: 'stopped', approval, startedAtMs, progress, stop, result, endedAtMs } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'stopped', result });
}

/** It could not begin, or could not go on. */
export function fail(
  proposal: Proposal,
  { fence, reason }: { readonly fence: number; readonly reason: string },
  circumstances: Circumstances,
): Decision<'failed'> {
  if (isIn(proposal, 'approved')) return endBeforeStart(proposal, reason, circumstances);
  if (!isRunning(proposal, fence)) return declined(lostLease(proposal));
  const { approval, startedAtMs, progress } = proposal.now;
  const endedAtMs = circumstances.nowMs;
  const now = { state: 'failed', approval, startedAtMs, progress, reason, endedAtMs } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'failed', result: reason });
}

/** The bot goes down in good order, or another one found its lease lapsed: `fence` is the caller's own. */
export function interrupt(
  proposal: Proposal,
  { fence, why }: { readonly fence: number; readonly why: string },
  circumstances: Circumstances,
): Decision<'interrupted'> {
  if (!isIn(proposal, 'executing') || fence < proposal.now.fence) return declined(lostLease(proposal));
  const now = {
    ...proposal.now,
    state: 'interrupted',
    fence,
    why,
    interruptedAtMs: circumstances.nowMs,
  } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'interrupted', why, result: 'to be resumed' });
}

/** Whoever holds the lease now goes on where the last step ended. */
export function resume(
  proposal: Proposal,
  { fence }: { readonly fence: number },
  circumstances: Circumstances,
): Decision<'executing'> {
  if (!isIn(proposal, 'interrupted') || fence < proposal.now.fence) return declined(lostLease(proposal));
  const { approval, startedAtMs, progress, stop } = proposal.now;
  const now = { state: 'executing', approval, startedAtMs, fence, progress, stop } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'resumed', result: 'from its last step' });
}

function isRunning(proposal: Proposal, fence: number): proposal is Proposal<'executing'> {
  return isIn(proposal, 'executing') && proposal.now.fence === fence;
}

function endBeforeStart(
  proposal: Proposal<'approved'>,
  reason: string,
  circumstances: Circumstances,
): Decision<'failed'> {
  const { approval } = proposal.now;
  const endedAtMs = circumstances.nowMs;
  const now = { state: 'failed', approval, startedAtMs: null, progress: null, reason, endedAtMs } as const;
  return moved(proposal, now, circumstances, { who: BOT, what: 'failed', result: reason });
}

function lostLease(proposal: Proposal): No {
  return [
    'lost_lease',
    say`${code(proposal.id)} is not, or no longer, run by this bot.`,
    say`Stop at once and write nothing.`,
  ];
}
