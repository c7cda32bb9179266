import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { translateSqlite } from './failure.ts';

/** How long a write waits for another process that holds the file: a backup, a curious hand. Nothing else runs meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

/** Opens a file with the settings that make what was committed survive a power cut. */
export function openFile(path: string, isReadOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: isReadOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    if (!isReadOnly) database.exec('pragma journal_mode = wal');
    // FULL, for in WAL mode NORMAL may lose the last commits when the power goes.
    database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Kysely's SQLite dialect over node:sqlite, with failures in our words. */
export function sqliteDialect(database: DatabaseSync, path: string): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(database, path),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync, path: string) {
    super({ database: asKyselyExpects(database, path) });
    this.#database = database;
  }

  /** A transaction that reads first and writes later can fail half-way as busy; this one waits at its start. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** On a full disk SQLite has rolled back by itself, and a second rollback would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

function asKyselyExpects(database: DatabaseSync, path: string): SqliteDatabase {
  const translating = <T>(deed: () => T): T => {
    try {
      return deed();
    } catch (error) {
      throw translateSqlite(error, path);
    }
  };
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = translating(() => database.prepare(sql));
      const bound = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => translating(() => statement.all(...bound(parameters))),
        run: (parameters) => translating(() => statement.run(...bound(parameters))),
        iterate: (parameters) => statement.iterate(...bound(parameters)),
      };
    },
  };
}
