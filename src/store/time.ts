import { sql } from 'kysely';
import type { StoreTime } from '../ports/store.ts';
import type { Backend } from './backend.ts';
import type { Database } from './tables.ts';

export function time(database: Database, { nowMs }: Backend): StoreTime {
  return {
    async nowMs() {
      const { rows } = await sql<{ now: number }>`select ${nowMs} as now`.execute(database);
      const [row] = rows;
      if (row === undefined) throw new TypeError('a select without a table gave no row');
      return row.now;
    },
  };
}
