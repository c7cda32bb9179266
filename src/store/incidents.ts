import type { HistoryStore } from '../ports/memory.ts';
import type { Database } from './tables.ts';

/** More incidents than these in one range is a storm; the newest of them say enough. */
const MOST = 1000;

/** What was alerted; what is in the bodies is the alerter's business. */
export function incidents(database: Database): Pick<HistoryStore, 'saveIncident' | 'incidents'> {
  return {
    async saveIncident({ sidekiq, id, sinceMs, untilMs, bendsFigures, body }) {
      const columns = {
        since_ms: sinceMs,
        until_ms: untilMs ?? null,
        bends_figures: bendsFigures ? 1 : 0,
        body,
      };
      await database
        .insertInto('incidents')
        .values({ sidekiq, id, ...columns })
        .onConflict((conflict) => conflict.columns(['sidekiq', 'id']).doUpdateSet(columns))
        .execute();
    },

    async incidents(sidekiq, { fromMs, toMs }) {
      const rows = await database
        .selectFrom('incidents')
        .selectAll()
        .where('sidekiq', '=', sidekiq)
        .where('since_ms', '<', toMs)
        .where((row) => row.or([row('until_ms', 'is', null), row('until_ms', '>', fromMs)]))
        .orderBy('since_ms', 'desc')
        .limit(MOST)
        .execute();
      return rows
        .map((row) => ({
          sidekiq,
          id: row.id,
          sinceMs: row.since_ms,
          untilMs: row.until_ms ?? undefined,
          bendsFigures: row.bends_figures === 1,
          body: row.body,
        }))
        .reverse();
    },
  };
}
