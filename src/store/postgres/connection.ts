import {
  type AbortableOperationOptions,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';
import { translatePostgres, translateWrite } from './failure.ts';

/** Kysely's PostgreSQL dialect, with failures in our words. */
export function postgresDialect(pool: pg.Pool): Dialect {
  return {
    createDriver: () => new TranslatingDriver({ pool }),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class TranslatingDriver extends PostgresDriver {
  readonly #translating = new WeakSet<DatabaseConnection>();
  /** In a transaction, where nothing is written before its commit. */
  readonly #inTransaction = new WeakSet<DatabaseConnection>();

  override async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection(options).catch(rethrow(translatePostgres));
    if (!this.#translating.has(connection)) {
      this.#translating.add(connection);
      const execute: DatabaseConnection['executeQuery'] = connection.executeQuery.bind(connection);
      connection.executeQuery = (query, ...rest) => {
        const isWrite = !isRead(query) && !this.#inTransaction.has(connection);
        return execute<never>(query, ...rest).catch(rethrow(isWrite ? translateWrite : translatePostgres));
      };
    }
    return connection;
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    this.#inTransaction.add(connection);
    await super.beginTransaction(connection, settings);
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    this.#inTransaction.delete(connection);
    await super.commitTransaction(connection);
  }

  override async releaseConnection(
    connection: Parameters<PostgresDriver['releaseConnection']>[0],
  ): Promise<void> {
    this.#inTransaction.delete(connection);
    await super.releaseConnection(connection);
  }

  /** On a lost line the rollback fails too (the server does it by itself) and would hide why. */
  override async rollbackTransaction(
    connection: Parameters<PostgresDriver['rollbackTransaction']>[0],
  ): Promise<void> {
    // Before it throws, the driver has marked the connection as not to be used again.
    await super.rollbackTransaction(connection).catch(() => {});
  }
}

/** Raw SQL is known by its first word; none of ours writes by a function outside a transaction. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^select\b/i.test(sql));
}

function rethrow(translate: (error: unknown) => unknown): (error: unknown) => never {
  return (error) => {
    throw translate(error);
  };
}
