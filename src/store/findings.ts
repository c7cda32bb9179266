import type { CrashHistory, EvidenceStore } from '../ports/memory.ts';
import type { Database } from './tables.ts';

/** The watcher's memory; what is in it is the watcher's business. */
export function findings(database: Database): EvidenceStore & CrashHistory {
  return {
    async evidence(sidekiq) {
      const row = await database
        .selectFrom('evidence')
        .select(['format', 'body'])
        .where('sidekiq', '=', sidekiq)
        .executeTakeFirst();
      return row;
    },

    async saveEvidence(sidekiq, { format, body }) {
      await database
        .insertInto('evidence')
        .values({ sidekiq, format, body })
        .onConflict((conflict) => conflict.column('sidekiq').doUpdateSet({ format, body }))
        .execute();
    },

    async saveCrash({ sidekiq, id, atMs, body }) {
      await database
        .insertInto('crashes')
        .values({ sidekiq, id, at_ms: atMs, body })
        .onConflict((conflict) => conflict.columns(['sidekiq', 'id']).doUpdateSet({ at_ms: atMs, body }))
        .execute();
    },

    async removeCrash(sidekiq, id) {
      await database.deleteFrom('crashes').where('sidekiq', '=', sidekiq).where('id', '=', id).execute();
    },

    async crashes(sidekiq, sinceMs, limit) {
      const rows = await database
        .selectFrom('crashes')
        .selectAll()
        .where('sidekiq', '=', sidekiq)
        .where('at_ms', '>=', sinceMs)
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ id, at_ms: atMs, body }) => ({ sidekiq, id, atMs, body }));
    },
  };
}
