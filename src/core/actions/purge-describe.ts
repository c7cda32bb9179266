import { duration } from '../amounts.ts';
import type { Plan } from '../plan.ts';
import { at, code, codes, say, type Text } from '../reply/text.ts';
import type { PlanWords } from './action.ts';
import type { PurgeParameters } from './purge-parameters.ts';

/** How it can be taken back, said of every purge. */
export const UNDO =
  'Every job is archived byte for byte before it leaves Redis, so all of it can be restored.';

/**
 * A purge in words, for the message that asks for approval: what goes, whether it comes back, what helps to decide. How
 * many, from where, how far and how back stand beside it in every proposal.
 */
export function describePurge(plan: Plan): PlanWords {
  const { queues, sweepMs, longer } = plan.parameters as PurgeParameters;
  const [comingBack = '', ...others] = plan.notes ?? [];
  const everywhere = queues.length === 0 ? say`in every place` : say`in every place of ${codes(queues)}`;
  if (longer !== null) {
    return {
      headline: say`sweep longer for ${code(plan.target)}${fromQueues(queues)}`,
      details: [
        say`For ${duration(sweepMs)} it goes on looking, as ${code(longer)} did: every job of ${code(plan.target)}${createdBefore(plan)} that dying processes bring back goes, ${everywhere}, each archived before it leaves Redis.`,
        ...(others.length === 0 ? [] : [say`${others.join(' ')}`]),
      ],
    };
  }
  return {
    headline: say`purge ${code(plan.target)}${fromQueues(queues)}`,
    details: [
      say`Every job of ${code(plan.target)}${createdBefore(plan)} goes, ${everywhere}, each archived before it leaves Redis. Jobs of other classes and the dead set are left alone.`,
      say`${comingBack} For ${duration(sweepMs)} after the last pass it goes on looking, and takes what dying processes bring back.`,
      ...(others.length === 0 ? [] : [say`${others.join(' ')}`]),
    ],
  };
}

/** " from critical, low", or nothing when all queues are meant. */
export function fromQueues(queues: readonly string[]): Text {
  return queues.length === 0 ? say`` : say` from ${codes(queues)}`;
}

function createdBefore({ cutOffMs }: Plan): Text {
  return cutOffMs === null ? say`` : say` that was created before ${at(cutOffMs)}`;
}
