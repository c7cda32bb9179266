import { Kysely, type Transaction } from 'kysely';
import { type Meter, UNMETERED } from '../ports/meter.ts';
import { type Store, StoreError, type StoreTransaction } from '../ports/store.ts';
import { announcements } from './announcements.ts';
import { archiveReader, archiveWriter } from './archive.ts';
import { auditReader, auditWriter } from './audit-log.ts';
import type { Backend } from './backend.ts';
import { findings } from './findings.ts';
import { history } from './history.ts';
import { incidents } from './incidents.ts';
import { leases } from './leases.ts';
import { memos } from './memos.ts';
import { metered } from './metered.ts';
import { migrate, requireSchema } from './migrate.ts';
import { proposalReader, proposalWriter } from './proposals.ts';
import { rescueReader, rescueWriter } from './rescued-jobs.ts';
import { sqliteBackend } from './sqlite/backend.ts';
import type { Tables } from './tables.ts';
import { time } from './time.ts';

export type StoreOptions = {
  /** Seals audit records with HMAC. */
  readonly auditKey?: string | undefined;
  /** For tools that look beside the running bot: changes nothing, not even the schema, and owns nothing. */
  readonly isReadOnly?: boolean;
  readonly meter?: Meter;
};

/** Opens `sqlite:PATH` or `postgres://…` and brings its schema up to date. @throws {StoreError} */
export async function openStore(databaseUrl: string, options: StoreOptions = {}): Promise<Store> {
  return openOver(await backendFor(databaseUrl, options.isReadOnly ?? false), options);
}

/** The store over a database that is open already; it closes it too. */
export async function openOver(
  backend: Backend,
  { auditKey, isReadOnly = false, meter = UNMETERED }: StoreOptions,
): Promise<Store> {
  const database = new Kysely<Tables>({ dialect: metered(backend.dialect, meter) });
  const close = async () => {
    await database.destroy();
    backend.close();
  };
  try {
    if (isReadOnly) await requireSchema(database);
    else await migrate(database, backend);
  } catch (error) {
    await close();
    throw error;
  }
  const writers = (tx: Transaction<Tables>): StoreTransaction => ({
    ...proposalWriter(tx),
    ...auditWriter(tx, auditKey),
    ...archiveWriter(tx, backend),
    ...rescueWriter(tx),
  });
  return {
    ...proposalReader(database),
    ...auditReader(database),
    ...archiveReader(database),
    ...rescueReader(database),
    ...leases(database, backend),
    ...time(database, backend),
    ...findings(database),
    ...history(database),
    ...incidents(database),
    ...announcements(database),
    ...memos(database),
    transact: (work) =>
      database.transaction().execute(async (tx) => {
        await backend.takeTurn(tx);
        return work(writers(tx));
      }),
    [Symbol.asyncDispose]: close,
  };
}

/** The path of a SQLite file; undefined for any other database. */
export function sqlitePathIn(databaseUrl: string): string | undefined {
  return /^sqlite:(.+)$/s.exec(databaseUrl)?.[1];
}

/** PostgreSQL's driver is loaded only for who uses it. @throws {StoreError} `bad_url` */
export async function backendFor(databaseUrl: string, isReadOnly: boolean): Promise<Backend> {
  const path = sqlitePathIn(databaseUrl);
  if (path !== undefined) return sqliteBackend(path, isReadOnly);
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    const { postgresBackend } = await import('./postgres/backend.ts');
    return postgresBackend(databaseUrl, isReadOnly);
  }
  throw new StoreError('bad_url', 'DATABASE_URL is neither sqlite:PATH nor postgres://….');
}
