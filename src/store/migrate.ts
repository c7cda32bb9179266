import { sql } from 'kysely';
import { StoreError } from '../ports/store.ts';
import type { Backend } from './backend.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Database } from './tables.ts';

export const NEWEST = MIGRATIONS.length;

/** Brings the schema up to this program's, in one transaction; a second process waits and then finds it done. */
export async function migrate(database: Database, backend: Backend): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await backend.takeTurn(tx);
    const isFirst = !(await hasSchema(tx));
    const table = backend.words.table(
      'poison_control_migrations',
      `number ${backend.words.integer} not null primary key, name text not null`,
    );
    if (isFirst) await sql.raw(table).execute(tx);
    const version = await versionOf(tx);
    refuseNewer(version);
    for (const migration of MIGRATIONS.slice(version)) {
      for (const statement of migration.statements(backend.words)) await sql.raw(statement).execute(tx);
      const { number, name } = migration;
      await tx.insertInto('poison_control_migrations').values({ number, name }).execute();
    }
  });
}

/** For tools that only look: the schema must be there as it is. */
export async function requireSchema(database: Database): Promise<void> {
  if (!(await hasSchema(database))) {
    throw new StoreError('missing', 'There is no store there. Check DATABASE_URL, or start the bot once.');
  }
  const version = await versionOf(database);
  refuseNewer(version);
  if (version === NEWEST) return;
  throw new StoreError(
    'schema_older',
    `The store has schema ${version} and this program needs ${NEWEST}. Start the bot of this version once; it brings the store up to date.`,
  );
}

export async function hasSchema(database: Database): Promise<boolean> {
  const tables = await database.introspection.getTables();
  return tables.some((table) => table.name === 'poison_control_migrations');
}

export async function versionOf(database: Database): Promise<number> {
  const row = await database
    .selectFrom('poison_control_migrations')
    .select((build) => build.fn.max('number').as('version'))
    .executeTakeFirst();
  return row?.version ?? 0;
}

function refuseNewer(version: number): void {
  if (version <= NEWEST) return;
  throw new StoreError(
    'schema_newer',
    `The store has schema ${version} and this program knows ${NEWEST}: a newer version wrote it. Run that version or a later one; nothing was changed.`,
  );
}
