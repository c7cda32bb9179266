import { type ArchiveAccount, debtsIn } from '../core/archive/archive.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { ArchiveReader } from '../ports/archive.ts';
import type { ProposalReader } from '../ports/store.ts';
import { accountsOf } from './archive-accounts.ts';

/** When an archive expires is none of a debt's business. */
const FOR_EVER = { keepMs: undefined, expiresDebt: false };

/** What is archived and not decided about, for whoever tells of it: the morning post, Home. @throws {StoreError} */
export async function readDebts(
  store: Pick<ArchiveReader, 'archives'> & Pick<ProposalReader, 'proposal'>,
  policies: readonly SidekiqPolicy[],
): Promise<readonly ArchiveAccount[]> {
  const accounts = await accountsOf(
    store,
    policies.map((policy) => ({ policy })),
    FOR_EVER,
  );
  const names = new Set(policies.map(({ name }) => name));
  return debtsIn(accounts).filter(({ sidekiq }) => names.has(sidekiq));
}
