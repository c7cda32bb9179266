import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sql } from 'kysely';
import { StoreError } from '../../ports/store.ts';
import type { Backend } from '../backend.ts';
import { openFile, sqliteDialect } from './connection.ts';
import { translateSqlite } from './failure.ts';
import { takeOwnership } from './ownership.ts';

/** One file, one bot. Tools may look beside it. */
export function sqliteBackend(path: string, isReadOnly: boolean): Backend {
  if (isReadOnly && !existsSync(path)) {
    throw new StoreError(
      'missing',
      `There is no store at ${path}. Check DATABASE_URL, or start the bot once.`,
    );
  }
  try {
    if (!isReadOnly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const ownership = isReadOnly ? undefined : takeOwnership(path);
    try {
      const isNew = !existsSync(path);
      const file = openFile(path, isReadOnly);
      // It will hold the arguments of jobs. What SQLite puts beside it has the same rights.
      // A store in memory is no file.
      if (isNew && existsSync(path)) chmodSync(path, 0o600);
      return {
        dialect: sqliteDialect(file, path),
        words: {
          integer: 'integer',
          bytes: 'blob',
          table: (name, columns) => `create table ${name} (${columns}) strict`,
        },
        nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
        // `begin immediate` has taken the turn already.
        takeTurn: async () => {},
        close: () => ownership?.release(),
      };
    } catch (error) {
      ownership?.release();
      throw error;
    }
  } catch (error) {
    throw translateSqlite(error, path);
  }
}
