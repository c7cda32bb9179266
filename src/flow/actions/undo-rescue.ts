import { type UndoRescueParameters, undoRescue } from '../../core/actions/undo-rescue.ts';
import { counted } from '../../core/amounts.ts';
import { RescuedTally } from '../../core/migration/rescued.ts';
import { plannedCount } from '../../core/plan.ts';
import { refuse } from '../../core/reply/reply.ts';
import { code, say } from '../../core/reply/text.ts';
import type { RescueEnd, Rescuer } from '../../ports/acting.ts';
import type { RescueReader } from '../../ports/archive.ts';
import type { RescuedFinder } from '../../ports/reading.ts';
import type { ProposalReader } from '../../ports/store.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome } from '../guarded.ts';
import { decidedBy, mustHoldLease, planningMs } from '../planning.ts';

type Hands = {
  readonly finder: RescuedFinder;
  readonly rescuer: Rescuer;
  readonly store: RescueReader & Pick<ProposalReader, 'proposal'>;
};

/** Takes back what a rescue of one sidekiq has moved and what still waits. */
export function undoingRescues({ policy }: ObservedSidekiq, { finder, rescuer, store }: Hands): Guarded {
  return {
    ...decidedBy(undoRescue),
    plan: async (parameters, nowMs, approved) => {
      const wanted = undoRescue.parameters.safeParse(parameters).data;
      if (wanted === undefined) return WHICH;
      const sidekiq = policy.name;
      const action = await store.proposal(wanted.action);
      const { tally, digests } = await recall(action?.plan.sidekiq === sidekiq ? wanted.action : '', store);
      const budgetMs = planningMs(approved);
      const found = await finder.findWaiting(digests, budgetMs);
      return undoRescue.plan(wanted, { sidekiq, rescued: tally.totals(), ...found, approved }, nowMs);
    },
    carryOut: async (work) => {
      const { action } = work.plan.parameters as UndoRescueParameters;
      const { digests } = await recall(action, store);
      const order = { actionId: work.id, fence: work.fence, cap: work.plan.cap, rescued: digests };
      const end = await rescuer.takeBack(order, {
        commit: ({ archived, note }, write) =>
          work.step({ done: archived, planned: Math.max(plannedCount(work.plan), archived), note }, write),
        pause: (ms) => work.pause(ms),
      });
      await mustHoldLease(end, work);
      return outcomeOf(end);
    },
  };
}

/** What an action has moved: counted, and as digests by queue. */
async function recall(action: string, store: RescueReader) {
  const tally = new RescuedTally();
  const digests = new Map<string, Set<string>>();
  for await (const part of store.rescuedJobs(action)) {
    tally.add(part);
    const known = digests.get(part.queue) ?? new Set();
    digests.set(part.queue, known);
    for (const { digest } of part.jobs) known.add(digest);
  }
  return { tally, digests };
}

function outcomeOf({ type, sentence, archived, leftAlone }: RescueEnd): Outcome {
  const told = [`${counted(archived, 'job is', 'jobs are')} archived again.`, ...leftAlone].join(' ');
  switch (type) {
    case 'done':
      return { type: 'done', result: `${told} The others had been taken by workers.` };
    case 'stopped':
      return { type: 'stopped', result: told };
    case 'cap_reached':
    case 'superseded':
    case 'refused':
      return { type: 'failed', reason: `${sentence} ${told}` };
    default:
      return type satisfies never;
  }
}

const WHICH = refuse(
  'which_action',
  say`Which rescue should be undone?`,
  say`Name its action: ${code('/sidekiq migrate undo ACTION')}.`,
);
