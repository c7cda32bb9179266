import { counted } from '../amounts.ts';
import type { Plan } from '../plan.ts';
import { plannedCount } from '../plan.ts';
import { codes, say } from '../reply/text.ts';
import type { PlanWords } from './action.ts';
import type { RescueParameters } from './rescue-parameters.ts';

/** How it can be taken back, said of every rescue. */
export const UNDO =
  'Jobs that still wait in their queues can be archived again: /sidekiq migrate undo ACTION proposes it.';

/** A rescue in words: what goes where, what stays, what helps to decide. */
export function describeRescue(plan: Plan): PlanWords {
  const { archiveSuspects, suspects, without } = plan.parameters as RescueParameters;
  const left = [...new Set([...(suspects ?? []), ...without])];
  const what = archiveSuspects ? 'are archived instead' : 'stay where they are';
  const suspected =
    left.length === 0
      ? say`No class is under suspicion, so none is left out.`
      : say`Jobs of ${codes(left)} ${what}.`;
  return {
    headline: say`rescue ${counted(plannedCount(plan), 'stranded job')} from ${counted(plan.places.length, 'list')} of dead workers`,
    details: [
      say`They go to the end of their own queue, the oldest first, in their order and byte for byte. That the owner is dead is tested again in the very call that moves; lists of reliable_fetch are watched for 30 s first.`,
      say`${suspected} What is no job stays too. A rescue is not in the count that fetchers keep of interruptions, so it makes no job a poison pill.`,
      ...(plan.notes ?? []).map((note) => say`${note}`),
    ],
  };
}
