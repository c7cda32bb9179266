import type { Keeping } from '../core/archive/archive.ts';
import { verifyChain } from '../core/audit/verify.ts';
import type { Calendar } from '../core/history/calendar.ts';
import { RescuedTally } from '../core/migration/rescued.ts';
import { accountsOf } from './archive-accounts.ts';
import type { Records } from './command.ts';
import { type Desk, shown } from './desk.ts';
import { type Reading, reportNow } from './report.ts';

export type RecordsSettings = {
  /** Checks the seals. */
  readonly auditKey: string | undefined;
  readonly keeping: Keeping;
  readonly calendarOf: (sidekiq: string) => Calendar;
};

/** What is on record, for commands. */
export function recordsOf(
  reading: Reading,
  desk: Pick<Desk, 'sidekiqs'>,
  { auditKey, keeping, calendarOf }: RecordsSettings,
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
    report: (sidekiq, nowMs) =>
      reportNow(sidekiq, reading, { calendar: calendarOf(sidekiq.policy.name), keeping }, nowMs),
    archives: () => reading((store) => accountsOf(store, desk.sidekiqs, keeping)),
    verify: () => reading((store) => verifyChain(store.auditLines(), { key: auditKey })),
  };
}
