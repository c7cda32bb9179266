import type { Keeping } from '../core/archive/archive.ts';
import { verifyChain } from '../core/audit/verify.ts';
import { RescuedTally } from '../core/migration/rescued.ts';
import type { ArchiveReader, AuditReader, ProposalReader, RescueReader } from '../ports.ts';
import { accountsOf } from './archive-accounts.ts';
import type { Records } from './command.ts';
import { type Desk, shown } from './desk.ts';

/** Hands out a store to read in, for as long as the reading takes. */
export type Reading = <T>(
  read: (store: ProposalReader & AuditReader & ArchiveReader & RescueReader) => Promise<T>,
) => Promise<T>;

/** What is on record, for commands. `auditKey` checks the seals. */
export function recordsOf(
  reading: Reading,
  desk: Pick<Desk, 'sidekiqs'>,
  auditKey: string | undefined,
  keeping: Keeping,
): Records {
  return {
    proposals: (filter) => reading((store) => store.proposals(filter)),
    proposal: (id) => reading((store) => store.proposal(id)),
    shown: (proposal) => shown(proposal, desk),
    rescued: (id) =>
      reading(async (store) => {
        const tally = new RescuedTally();
        for await (const part of store.rescuedJobs(id)) tally.add(part);
        return tally.totals();
      }),
    latestRecords: (limit) => reading((store) => store.latestRecords(limit)),
    archives: () => reading((store) => accountsOf(store, desk.sidekiqs, keeping)),
    verify: () => reading((store) => verifyChain(store.auditLines(), { key: auditKey })),
  };
}
