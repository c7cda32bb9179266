import type { Memos } from '../ports/memory.ts';
import type { Database } from './tables.ts';

/** What is kept for a while. How long goes by the store's clock, which all bots share (flow/store-clock.ts). */
export function memos(database: Database): Memos {
  return {
    async addMemo({ id, untilMs, body }) {
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('memos')
        .values({ id, until_ms: untilMs, body })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async memo(id, nowMs) {
      const row = await database
        .selectFrom('memos')
        .select('body')
        .where('id', '=', id)
        .where('until_ms', '>', nowMs)
        .executeTakeFirst();
      return row?.body;
    },

    async removeMemo(id) {
      await database.deleteFrom('memos').where('id', '=', id).execute();
    },

    async forgetMemos(nowMs) {
      await database.deleteFrom('memos').where('until_ms', '<=', nowMs).execute();
    },
  };
}
