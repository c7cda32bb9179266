import type { Proposal } from '../core/approval/proposal.ts';
import type { Debt } from '../core/archive/debt.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { ArchiveReader, ProposalReader } from '../ports.ts';

/** How far back it is looked for; and purges are rare. */
const PROPOSALS = 200;
const PURGES = 30;

/** What is archived and not decided about, for whoever tells of it: the morning post, Home. @throws {StoreError} */
export async function readDebts(
  store: Pick<ArchiveReader, 'archiveTotals'> & Pick<ProposalReader, 'proposals'>,
  policies: readonly SidekiqPolicy[],
  nowMs: number,
): Promise<readonly Debt[]> {
  const purges = (await store.proposals({ limit: PROPOSALS }))
    .filter(({ plan, now }) => plan.action === 'purge' && 'endedAtMs' in now && 'approval' in now)
    .slice(0, PURGES);
  const debts = await Promise.all(
    purges.map(async (purge) => {
      const policy = policies.find(({ name }) => name === purge.plan.sidekiq);
      if (policy === undefined) return [];
      const totals = await store.archiveTotals(purge.id);
      const jobs = totals.reduce((sum, { archived }) => sum + archived, 0);
      return jobs === 0 ? [] : [debtOf(purge, jobs, policy, nowMs)];
    }),
  );
  return debts.flat();
}

function debtOf(
  { id, plan, proposedAtMs }: Proposal,
  jobs: number,
  policy: SidekiqPolicy,
  nowMs: number,
): Debt {
  const jobClass = plan.jobClass ?? plan.target;
  return {
    actionId: id,
    sidekiq: policy.name,
    jobClass,
    jobs,
    uncertain: 0,
    ageMs: Math.max(0, nowMs - proposedAtMs),
    owner: policy.classes.get(jobClass)?.owner,
  };
}
