import { type ArchiveAccount, debtsIn, type Keeping } from '../core/archive/archive.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { ArchiveReader } from '../ports/archive.ts';
import type { ProposalReader } from '../ports/store.ts';
import { accountsOf } from './archive-accounts.ts';

/** What is archived and not decided about, for whoever tells of it: the morning post, Home. @throws {StoreError} */
export async function readDebts(
  store: Pick<ArchiveReader, 'archives'> & Pick<ProposalReader, 'proposal'>,
  policies: readonly SidekiqPolicy[],
  keeping: Keeping,
): Promise<readonly ArchiveAccount[]> {
  const accounts = await accountsOf(
    store,
    policies.map((policy) => ({ policy })),
    keeping,
  );
  const names = new Set(policies.map(({ name }) => name));
  return debtsIn(accounts).filter(({ sidekiq }) => names.has(sidekiq));
}
