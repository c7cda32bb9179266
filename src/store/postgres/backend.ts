import { sql } from 'kysely';
import pg from 'pg';
import { StoreError } from '../../ports/store.ts';
import type { Backend } from '../backend.ts';
import { Client } from './client.ts';
import { postgresDialect } from './connection.ts';

const MAX_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 5000;
/** Waiting for the turn of others; they are short. */
const LOCK_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** All above is the server's word, and comes first. One that says nothing at all is gone, though its line may look alive. */
const QUERY_TIMEOUT_MS = 35_000;
/** A line on which nothing is asked meanwhile is tried by the kernel after so long. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A bot that froze inside a transaction must not hold up the others for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
/** Any number that only we use: it names the turn among PostgreSQL's advisory locks. */
const TURN = 7_305_193_871;
const INT8 = 20;

/** Many bots, one database. */
export function postgresBackend(url: string, isReadOnly: boolean): Backend {
  const pool = new pg.Pool({
    Client,
    connectionString: requireUrl(url),
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...(isReadOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    application_name: 'poison-control',
    types: { getTypeParser: typeParser },
  });
  // A connection that breaks tells its query, and an idle one is replaced at the next use. Unheard, the same error, told
  // once more as an event, would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    dialect: postgresDialect(pool),
    words: {
      integer: 'bigint',
      bytes: 'bytea',
      table: (name, columns) => `create table ${name} (${columns})`,
    },
    nowMs: sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    takeTurn: async (tx) => {
      await sql`select pg_advisory_xact_lock(${TURN})`.execute(tx);
    },
    close: () => {},
  };
}

function requireUrl(url: string): string {
  if (URL.canParse(url)) return url;
  throw new StoreError(
    'bad_url',
    'DATABASE_URL is no URL. Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
  );
}

/** Our numbers are times and counts, all below 2^53; pg would give bigint columns as text. */
function typeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}
