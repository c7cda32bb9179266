import type { Proposal } from '../core/approval/proposal.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Debt } from '../core/report/debt.ts';
import type { ArchiveReader, ProposalReader } from '../ports.ts';

/** How far back it is looked for; and purges are rare. */
const PROPOSALS = 200;
const PURGES = 30;

/** What purges of a sidekiq have archived and nobody has settled, the newest first. @throws {StoreError} */
export async function debtsOf(
  policy: SidekiqPolicy,
  store: ProposalReader & Pick<ArchiveReader, 'archiveTotals'>,
): Promise<readonly Debt[]> {
  const purges = (await store.proposals({ limit: PROPOSALS }))
    .filter(({ plan }) => plan.sidekiq === policy.name && plan.action === 'purge')
    .filter(({ now }) => 'endedAtMs' in now && 'approval' in now)
    .slice(0, PURGES);
  const debts = await Promise.all(
    purges.map(async (purge) => {
      const totals = await store.archiveTotals(purge.id);
      const jobs = totals.reduce((sum, { archived }) => sum + archived, 0);
      return jobs === 0 ? [] : [debtOf(purge, jobs, policy)];
    }),
  );
  return debts.flat();
}

function debtOf(
  { id, plan, requester, now, proposedAtMs }: Proposal,
  jobs: number,
  policy: SidekiqPolicy,
): Debt {
  const owner = plan.jobClass === null ? undefined : policy.classes.get(plan.jobClass)?.owner;
  const sinceMs = 'endedAtMs' in now ? now.endedAtMs : proposedAtMs;
  return { actionId: id, target: plan.target, jobs, sinceMs, owner: owner ?? requester.name };
}
