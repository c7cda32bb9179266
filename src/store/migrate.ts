import { sql } from 'kysely';
import { StoreError } from '../ports/store.ts';
import type { Backend } from './backend.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { isUsable, NEWEST, readSchema, type Schema } from './schema.ts';
import type { Database } from './tables.ts';

/**
 * Brings the schema up to this program's, in one transaction; a second process waits and then finds it done. A newer schema that this
 * program may use is left as it is.
 */
export async function migrate(database: Database, backend: Backend): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await backend.takeTurn(tx);
    const found = await readSchema(tx);
    if (found === undefined) {
      const columns = `number ${backend.words.integer} not null primary key, name text not null`;
      await sql.raw(backend.words.table('poison_control_migrations', columns)).execute(tx);
    } else refuseUnusable(found);
    const missing = MIGRATIONS.slice(found?.number ?? 0);
    for (const { number, name, statements } of missing) {
      for (const statement of statements(backend.words)) await sql.raw(statement).execute(tx);
      await tx.insertInto('poison_control_migrations').values({ number, name }).execute();
    }
    // When all are there, for one of them makes this table.
    for (const { number, usableFrom } of missing) {
      await tx.insertInto('poison_control_usable_from').values({ number, usable_from: usableFrom }).execute();
    }
  });
}

/** For tools that only look: the schema must be there as it is. */
export async function requireSchema(database: Database): Promise<void> {
  const found = await readSchema(database);
  if (found === undefined) {
    throw new StoreError('missing', 'There is no store there. Check DATABASE_URL, or start the bot once.');
  }
  refuseUnusable(found);
  if (found.number >= NEWEST) return;
  throw new StoreError(
    'schema_older',
    `The store has schema ${found.number} and this program needs ${NEWEST}. Start the bot of this version once; it brings the store up to date.`,
  );
}

function refuseUnusable(schema: Schema): void {
  if (isUsable(schema)) return;
  throw new StoreError(
    'schema_newer',
    `The store has schema ${schema.number} and this program knows ${NEWEST}: a newer version wrote it, which this one can't work beside. Run that version or a later one; nothing was changed.`,
  );
}
