import type { Dialect, RawBuilder, Transaction } from 'kysely';
import type { SchemaWords } from './migrations/migration.ts';
import type { Tables } from './tables.ts';

/** All that SQLite and PostgreSQL do differently. Failures come out of the dialect as StoreErrors already. */
export type Backend = {
  readonly dialect: Dialect;
  readonly words: SchemaWords;
  /** The database's own clock. */
  readonly nowMs: RawBuilder<number>;
  /** Makes a transaction wait for all others that took a turn, over all replicas, until they end. */
  takeTurn(tx: Transaction<Tables>): Promise<void>;
  /** Ends what the dialect itself does not: the ownership of a file. */
  close(): void;
};
