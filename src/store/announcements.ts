import { sql } from 'kysely';
import type { Announcement, Announcements } from '../ports/memory.ts';
import type { Database, Tables } from './tables.ts';

/** What was said where, so that it is said once and edited afterwards. */
export function announcements(database: Database): Announcements {
  return {
    async announcement(id) {
      const row = await database
        .selectFrom('announcements')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : read(row);
    },

    async announcements(idPrefix, limit) {
      const rows = await database
        .selectFrom('announcements')
        .selectAll()
        // Not LIKE: in SQLite it ignores case, and names may hold % and _.
        .where(sql<string>`substr(id, 1, ${sql.lit(idPrefix.length)})`, '=', idPrefix)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    async saveAnnouncement({ id, version, state, message }) {
      const columns = { version, state, channel: message?.channel ?? null, message_id: message?.id ?? null };
      if (version === 1) {
        const { numInsertedOrUpdatedRows } = await database
          .insertInto('announcements')
          .values({ id, ...columns })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        return numInsertedOrUpdatedRows === 1n;
      }
      const { numUpdatedRows } = await database
        .updateTable('announcements')
        .set(columns)
        .where('id', '=', id)
        .where('version', '=', version - 1)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
  };
}

function read({ id, version, state, channel, message_id }: Tables['announcements']): Announcement {
  const message = channel === null || message_id === null ? null : { channel, id: message_id };
  return { id, version, state, message };
}
