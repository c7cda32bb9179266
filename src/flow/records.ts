import { verifyChain } from '../core/audit/verify.ts';
import type { Calendar } from '../core/history/calendar.ts';
import { RescuedTally } from '../core/migration/rescued.ts';
import type { Records } from './command.ts';
import { type Desk, shown } from './desk.ts';
import { type Reading, reportNow } from './report.ts';

/** What is on record, for commands. `auditKey` checks the seals. */
export function recordsOf(
  reading: Reading,
  desk: Pick<Desk, 'sidekiqs'>,
  auditKey: string | undefined,
  calendarOf: (sidekiq: string) => Calendar,
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
    report: (sidekiq, nowMs) => reportNow(sidekiq, reading, calendarOf(sidekiq.policy.name), nowMs),
    verify: () => reading((store) => verifyChain(store.auditLines(), { key: auditKey })),
  };
}
