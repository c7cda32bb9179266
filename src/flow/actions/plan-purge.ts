import { purge } from '../../core/actions/purge.ts';
import { refusalOfClass } from '../../core/actions/purge-refusals.ts';
import { refuse } from '../../core/reply/reply.ts';
import { code, say } from '../../core/reply/text.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded } from '../guarded.ts';

/**
 * Whoever proposes sees a window next, which must open within three seconds of the command. A second and a half reads a
 * million jobs or two; of more, the plan says “at least”, and its cap counts what was not read.
 */
const PROPOSING_MS = 1500;
/** Before the start nobody waits for a window, and the number decides whether it may begin. */
const STARTING_MS = 60_000;

/** The half of a purge that looks: from parameters to a plan, made anew with the approved cut-off and cap before the start. */
export function planningPurges(sidekiq: ObservedSidekiq): Omit<Guarded, 'carryOut'> {
  return {
    name: purge.name,
    plan: async (parameters, nowMs, approved) => {
      const wanted = purge.parameters.safeParse(parameters).data;
      if (wanted === undefined) return NOT_A_CLASS;
      const { jobClass, queues } = wanted;
      const { classes } = sidekiq.policy;
      const no = refusalOfClass(jobClass, classes);
      if (no !== undefined) return no;
      const cutOffMs = approved?.cutOffMs;
      const found = await sidekiq.findClass({
        jobClass,
        queues,
        budgetMs: approved === undefined ? PROPOSING_MS : STARTING_MS,
        ...(typeof cutOffMs === 'number' ? { cutOffMs } : {}),
      });
      return purge.plan(wanted, { found, classes, approved }, nowMs);
    },
    drift: purge.drift,
    describe: purge.describe,
  };
}

const NOT_A_CLASS = refuse(
  'not_a_class',
  say`That is no class, or too many queues were named.`,
  say`Write ${code('/sidekiq purge CLASS')} with the class as jobs name it.`,
);
