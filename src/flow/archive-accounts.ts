import { type ArchiveAccount, expiryOf, type Keeping, owedOf } from '../core/archive/archive.ts';
import type { ArchiveReader } from '../ports/archive.ts';
import type { ProposalReader } from '../ports/store.ts';
import type { GuardedSidekiq } from './guarded.ts';
import { planOf } from './plan-of.ts';

/** Every archive of an action that can be read with whose it is, what is owed of it, whom to ask and when it will be gone; the oldest first. */
export async function accountsOf(
  store: Pick<ArchiveReader, 'archives'> & Pick<ProposalReader, 'proposal'>,
  sidekiqs: readonly Pick<GuardedSidekiq, 'policy'>[],
  keeping: Keeping,
): Promise<readonly ArchiveAccount[]> {
  const accounts: ArchiveAccount[] = [];
  for (const archive of await store.archives()) {
    const plan = await planOf(store, archive.actionId);
    if (plan === undefined) continue;
    const { sidekiq } = plan;
    const jobClass = plan.jobClass ?? plan.target;
    const owner = sidekiqs.find(({ policy }) => policy.name === sidekiq)?.policy.classes.get(jobClass)?.owner;
    const expiresAtMs = expiryOf(archive, keeping);
    accounts.push({ ...archive, sidekiq, jobClass, owed: owedOf(archive), owner, expiresAtMs });
  }
  return accounts;
}
