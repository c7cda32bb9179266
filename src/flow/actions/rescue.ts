import { rescue } from '../../core/actions/rescue.ts';
import { fateOf } from '../../core/actions/rescue-fates.ts';
import type { RescueParameters } from '../../core/actions/rescue-parameters.ts';
import { counted } from '../../core/amounts.ts';
import { plannedCount } from '../../core/plan.ts';
import { refuse } from '../../core/reply/reply.ts';
import { code, say } from '../../core/reply/text.ts';
import type { RescueEnd, RescueOrder, Rescuer } from '../../ports/acting.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome, Work } from '../guarded.ts';
import { decidedBy, mustHoldLease, planningMs } from '../planning.ts';

/** Lists that were left alone, of which so many are told. */
const TOLD = 5;

/** Rescues the stranded jobs of one sidekiq. */
export function rescuing(sidekiq: ObservedSidekiq, rescuer: Rescuer): Guarded {
  const { classes } = sidekiq.policy;
  return {
    ...decidedBy(rescue),
    plan: async (parameters, nowMs, approved) => {
      const wanted = rescue.parameters.safeParse(parameters).data;
      if (wanted === undefined) return TOO_MUCH;
      const survey = await sidekiq.survey(planningMs(approved));
      return rescue.plan(wanted, { survey, classes, approved }, nowMs);
    },
    carryOut: async (work) => {
      const end = await rescuer.rescue(orderOf(work, classes), {
        commit: ({ moved, archived, note }, write) => {
          const done = moved + archived;
          const told = archived === 0 ? note : `${note}; ${archived} archived`;
          return work.step({ done, planned: Math.max(plannedCount(work.plan), done), note: told }, write);
        },
        pause: (ms) => work.pause(ms),
      });
      await mustHoldLease(end, work);
      return outcomeOf(end);
    },
  };
}

function orderOf({ id, fence, plan }: Work, classes: ObservedSidekiq['policy']['classes']): RescueOrder {
  const parameters = plan.parameters as RescueParameters;
  const fate = fateOf(parameters, classes);
  const left = [...new Set([...(parameters.suspects ?? []), ...parameters.without])];
  return {
    actionId: id,
    fence,
    lists: plan.places.map(({ name }) => name),
    keep: left.filter((jobClass) => fate(jobClass) === 'keep'),
    archive: left.filter((jobClass) => fate(jobClass) === 'archive'),
    cap: plan.cap,
  };
}

function outcomeOf(end: RescueEnd): Outcome {
  const told = `${counted(end.moved, 'job is', 'jobs are')} back in ${end.moved === 1 ? 'its queue' : 'their queues'}.${rest(end)}`;
  switch (end.type) {
    case 'done':
      return { type: 'done', result: told };
    case 'stopped':
      return { type: 'stopped', result: `${told} The others are where they were.` };
    case 'cap_reached':
      return { type: 'failed', reason: `${end.sentence} ${told} Propose it again to take the others.` };
    case 'superseded':
    case 'refused':
      return { type: 'failed', reason: `${end.sentence} ${told} The others are where they were.` };
    default:
      return end.type satisfies never;
  }
}

function rest({ archived, kept, leftAlone }: RescueEnd): string {
  const more = leftAlone.length - TOLD;
  return [
    archived > 0 ? ` ${counted(archived, 'job')} of suspects ${archived === 1 ? 'is' : 'are'} archived.` : '',
    kept > 0 ? ` ${counted(kept, 'entry stays', 'entries stay')}: of suspects, or no jobs.` : '',
    ...leftAlone.slice(0, TOLD).map((sentence) => ` ${sentence}`),
    more > 0 ? ` So were ${more} more lists.` : '',
  ].join('');
}

const TOO_MUCH = refuse(
  'too_many_lists',
  say`At most 50 lists and 20 classes can be named.`,
  say`Leave ${code('--list')} out to take all lists that may be moved.`,
);
