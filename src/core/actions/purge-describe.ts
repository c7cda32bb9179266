import { counted, duration, exact } from '../amounts.ts';
import { type Plan, plannedCount } from '../plan.ts';
import { at, bold, code, type Span, say, type Text } from '../reply/text.ts';
import type { PlanWords } from './action.ts';
import type { PurgeParameters } from './purge-parameters.ts';

/** How it can be taken back, said of every purge. */
export const UNDO =
  'Every job is archived byte for byte before it leaves Redis, and can be put back with /sidekiq restore.';

/** A purge in words, for the message that asks for approval: what goes, what it is bound to, whether it comes back. */
export function describePurge(plan: Plan): PlanWords {
  const { jobClass, queues, sweepMs } = plan.parameters as PurgeParameters;
  const from = queues.length === 0 ? say`` : say` from ${listed(queues)}`;
  return {
    headline: say`purge ${code(jobClass)}${from}`,
    details: [
      say`It takes ${bold(counted(plannedCount(plan), 'job'))} out of ${wherever(queues)}: ${placesOf(plan)}. ${boundOf(plan)}`,
      say`Then it goes on looking for ${duration(sweepMs)} and takes what dying processes bring back. The dead set is left alone, and so are the queues’ other jobs.`,
      ...(plan.notes ?? []).map((note) => say`${note}`),
    ],
  };
}

function wherever(queues: readonly string[]): Text {
  return queues.length === 0 ? say`every place` : say`every place where jobs of ${listed(queues)} are`;
}

function boundOf({ cutOffMs, cap }: Plan): Text {
  const cutOff = cutOffMs === null ? say`` : say` that were created before ${at(cutOffMs)}`;
  return say`Only jobs${cutOff}, and never more than ${exact(cap)}.`;
}

const SHOWN_PLACES = 6;

function placesOf({ places }: Plan): string {
  const named = places.slice(0, SHOWN_PLACES).map(({ name, count }) => `${exact(count)} in ${name}`);
  const more = places.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${counted(more, 'more place')}` : ''}`;
}

export function listed(names: readonly string[]): Text {
  return names.flatMap((name, index): Span[] => (index === 0 ? [code(name)] : [', ', code(name)]));
}
