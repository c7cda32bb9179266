import { sql } from 'kysely';
import type { Lease, Leases } from '../ports/store.ts';
import type { Backend } from './backend.ts';
import type { Database } from './tables.ts';

/**
 * Each method is one statement, so two holders cannot both win. A row stays for ever, so that its fence never goes back;
 * the names are few.
 */
export function leases(database: Database, { nowMs }: Backend): Leases {
  const until = (ttlMs: number) => sql<number>`${nowMs} + cast(${ttlMs} as bigint)`;
  const held = (lease: Lease) => ({ name: lease.name, holder: lease.holder, fence: lease.fence });
  return {
    async acquireLease(name, holder, ttlMs) {
      const row = await database
        .insertInto('leases')
        .values({ name, holder, fence: 1, expires_at_ms: until(ttlMs) })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet((row) => ({
              holder,
              // The same holder that asks again goes on under its fence, unless it had run out.
              fence: sql<number>`${row.ref('leases.fence')} + case when ${row.ref('leases.expires_at_ms')} > ${nowMs} then 0 else 1 end`,
              expires_at_ms: until(ttlMs),
            }))
            .where((row) =>
              row.or([row('leases.expires_at_ms', '<=', nowMs), row('leases.holder', '=', holder)]),
            ),
        )
        .returning('fence')
        .executeTakeFirst();
      return row === undefined ? undefined : { name, holder, fence: row.fence };
    },

    async renewLease(lease, ttlMs) {
      const { numUpdatedRows } = await database
        .updateTable('leases')
        .set({ expires_at_ms: until(ttlMs) })
        .where((row) => row.and(held(lease)))
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async releaseLease(lease) {
      await database
        .updateTable('leases')
        .set({ expires_at_ms: 0 })
        .where((row) => row.and(held(lease)))
        .execute();
    },
  };
}
