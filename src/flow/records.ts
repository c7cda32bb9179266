import { verifyChain } from '../core/audit/verify.ts';
import { RescuedTally } from '../core/migration/rescued.ts';
import type { AuditReader, ProposalReader, RescueReader } from '../ports.ts';
import type { Records } from './command.ts';
import { type Desk, shown } from './desk.ts';

/** Hands out a store to read in, for as long as the reading takes. */
export type Reading = <T>(
  read: (store: ProposalReader & AuditReader & RescueReader) => Promise<T>,
) => Promise<T>;

/** What is on record, for commands. `auditKey` checks the seals. */
export function recordsOf(
  reading: Reading,
  desk: Pick<Desk, 'sidekiqs'>,
  auditKey: string | undefined,
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
    verify: () => reading((store) => verifyChain(store.auditLines(), { key: auditKey })),
  };
}
