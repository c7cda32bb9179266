import { BOT } from '../audit/entry.ts';
import { at, code, say } from '../reply/text.ts';
import {
  actorOf,
  type Circumstances,
  type Click,
  type Decision,
  declined,
  moved,
  type No,
  personOf,
  refused,
} from './decision.ts';
import { isNamed, isSamePerson } from './person.ts';
import { deadlineMs, isIn, type Proposal } from './proposal.ts';
import { alreadyDecided, checkClick } from './refusals.ts';

/** The requester takes it back before it has begun. */
export function cancel(proposal: Proposal, by: Click, circumstances: Circumstances): Decision<'cancelled'> {
  const refuse = (no: No) => refused(proposal, personOf(by), circumstances, no);
  const { facts, no } = checkClick(proposal, by);
  if (no !== undefined) return refuse(no);
  if (!isIn(proposal, 'proposed', 'approved')) return refuse(alreadyDecided(proposal));
  if (!isSamePerson(facts.identity, proposal.requester)) {
    return refuse([
      'not_the_requester',
      say`Only ${proposal.requester.name}, who proposed it, can take it back.`,
      say`An approver can press Deny.`,
    ]);
  }
  const now = { state: 'cancelled', person: facts.identity, endedAtMs: circumstances.nowMs } as const;
  const told = { who: actorOf(facts.identity), what: 'cancelled', result: 'nothing will be done' };
  return moved(proposal, now, circumstances, told);
}

/** The clock's event: silence is a no. */
export function expire(proposal: Proposal, circumstances: Circumstances): Decision<'expired'> {
  const dueMs = deadlineMs(proposal);
  if (dueMs === undefined) return declined(alreadyDecided(proposal));
  if (circumstances.nowMs < dueMs) {
    return declined(['not_yet', say`${code(proposal.id)} has until ${at(dueMs)}.`, say`Wait.`]);
  }
  const awaited = isIn(proposal, 'proposed') ? 'approval' : 'start';
  const told = { who: BOT, what: 'expired', result: `no ${awaited} in time` };
  return moved(proposal, { state: 'expired', awaited, endedAtMs: circumstances.nowMs }, circumstances, told);
}

/** Any approver or the requester ends what runs; what has not begun ends at once. */
export function requestStop(
  proposal: Proposal,
  by: Click,
  circumstances: Circumstances,
): Decision<'stopped' | 'executing' | 'interrupted'> {
  const refuse = (no: No) => refused(proposal, personOf(by), circumstances, no);
  const { facts, no } = checkClick(proposal, by);
  if (no !== undefined) return refuse(no);
  const mayStop =
    isSamePerson(facts.identity, proposal.requester) ||
    circumstances.rules.approvers.some((set) => isNamed(facts, set.ids));
  if (!mayStop) {
    return refuse([
      'not_allowed',
      say`Only an approver or ${proposal.requester.name}, who proposed it, can stop it.`,
      say`Ask one of the approvers; the settings name them under ${code('approvals.approvers')}.`,
    ]);
  }
  const stop = { person: facts.identity, atMs: circumstances.nowMs };
  const told = {
    who: actorOf(facts.identity),
    what: 'stop requested',
    result: 'it ends after the present step',
  };
  if (isIn(proposal, 'approved')) {
    const result = 'Stopped before it began; nothing was done.';
    const { approval } = proposal.now;
    const endedAtMs = circumstances.nowMs;
    const now = {
      state: 'stopped',
      approval,
      startedAtMs: null,
      progress: null,
      stop,
      result,
      endedAtMs,
    } as const;
    return moved(proposal, now, circumstances, { ...told, what: 'stopped', result });
  }
  if (!isIn(proposal, 'executing', 'interrupted')) return refuse(alreadyDecided(proposal));
  const { now } = proposal;
  if (now.stop !== null) {
    return refuse([
      'already_stopping',
      say`${now.stop.person.name} asked it to stop at ${at(now.stop.atMs)}.`,
      say`It ends after the present step.`,
    ]);
  }
  return moved(proposal, { ...now, stop }, circumstances, told);
}
