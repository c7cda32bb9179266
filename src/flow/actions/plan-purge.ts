import { type PurgedBefore, purge } from '../../core/actions/purge.ts';
import type { PurgeParameters } from '../../core/actions/purge-parameters.ts';
import { refusalOfClass } from '../../core/actions/purge-refusals.ts';
import { isIn, type Proposal } from '../../core/approval/proposal.ts';
import { type Refusal, refuse } from '../../core/reply/reply.ts';
import { code, say } from '../../core/reply/text.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { ProposalReader } from '../../ports/store.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded } from '../guarded.ts';
import { decidedBy, planningMs } from '../planning.ts';

/** The half of a purge that looks: from parameters to a plan, made anew with the approved cut-off and cap before the start. */
export function planningPurges(
  sidekiq: ObservedSidekiq,
  store: Pick<ProposalReader, 'proposal'> & Pick<ArchiveReader, 'archives'>,
): Omit<Guarded, 'carryOut'> {
  return {
    ...decidedBy(purge),
    plan: async (parameters, nowMs, approved) => {
      const wanted = purge.parameters.safeParse(parameters).data;
      if (wanted === undefined) return NOT_A_CLASS;
      const { jobClass, queues, longer } = wanted;
      const { classes } = sidekiq.policy;
      const no = refusalOfClass(jobClass, classes);
      if (no !== undefined) return no;
      const earlier = longer === null ? undefined : await store.proposal(longer);
      const unfit = longer === null ? undefined : refusalToGoOn(wanted, sidekiq.policy.name, earlier);
      if (unfit !== undefined) return unfit;
      const cutOffMs = (approved ?? earlier?.plan)?.cutOffMs;
      const found = await sidekiq.findClass({
        jobClass,
        queues,
        budgetMs: planningMs(approved),
        ...(typeof cutOffMs === 'number' ? { cutOffMs } : {}),
      });
      const before = earlier && (await doneBy(earlier, store));
      return purge.plan(wanted, { found, classes, approved, before }, nowMs);
    },
  };
}

/** What came of the purge that this one goes on with. */
async function doneBy({ id, plan }: Proposal, store: Pick<ArchiveReader, 'archives'>): Promise<PurgedBefore> {
  const archive = (await store.archives()).find(({ actionId }) => actionId === id);
  return { id, cap: plan.cap, archived: archive?.archived ?? 0, restored: archive?.restored ?? 0 };
}

/** It goes on with what two people agreed to once: the same jobs, and no others. */
function refusalToGoOn(
  { jobClass, queues, longer }: PurgeParameters,
  sidekiq: string,
  earlier: Proposal | undefined,
): Refusal | undefined {
  const isPurge = earlier?.plan.action === purge.name && earlier.plan.sidekiq === sidekiq;
  const hasBegun = isPurge && isIn(earlier, 'executing', 'interrupted', 'done', 'stopped', 'failed');
  const before = hasBegun ? purge.parameters.safeParse(earlier.plan.parameters).data : undefined;
  if (before?.jobClass === jobClass && before.queues.join() === queues.join()) return undefined;
  return refuse(
    'no_such_purge',
    say`${code(longer ?? '')} is no purge of ${code(jobClass)} on ${sidekiq} that was carried out.`,
    say`${code('/sidekiq actions')} lists them.`,
  );
}

const NOT_A_CLASS = refuse(
  'not_a_class',
  say`That is no class, or too many queues were named.`,
  say`Write ${code('/sidekiq purge CLASS')} with the class as jobs name it.`,
);
