import pg from 'pg';
import { StoreError } from '../../ports/store.ts';

const FULL = /^53[12]00$/;
const READ_ONLY = /^25006$/;
/** lock_not_available, query_canceled (a timeout), deadlock_detected, serialization_failure. */
const LOCKED = /^55P03$|^57014$|^40P01$|^40001$/;
/** data_corrupted, index_corrupted. */
const CORRUPT = /^XX00[12]$/;
/** Connection exceptions, too many connections, shutdown or crash, session timeouts, login or database refused. */
const UNAVAILABLE = /^08|^53300$|^57P|^25P0[34]$|^28|^3D000$/;

/** PostgreSQL's error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function translatePostgres(error: unknown): unknown {
  const failure = (code: StoreError['code'], sentence: string) =>
    new StoreError(code, `${sentence} Nothing was written.`, error);
  const unavailable = () =>
    failure(
      'unavailable',
      'PostgreSQL cannot be reached or refuses us. Check that it runs, and DATABASE_URL.',
    );
  // pg's own errors for a refused or lost line have no class and often no code. What the server says is a DatabaseError,
  // and what we do wrong ourselves a TypeError.
  if (!(error instanceof pg.DatabaseError)) return error instanceof TypeError ? error : unavailable();
  const code = error.code ?? '';
  if (FULL.test(code))
    return failure('full', 'PostgreSQL has no room left. Make room; the bot goes on by itself.');
  if (READ_ONLY.test(code))
    return failure('read_only', 'PostgreSQL may only be read: is DATABASE_URL a standby?');
  if (LOCKED.test(code))
    return failure('locked', 'Another session held what was needed for too long. Try again.');
  if (CORRUPT.test(code)) return failure('corrupt', 'PostgreSQL reports damaged data. Restore a backup.');
  return UNAVAILABLE.test(code) ? unavailable() : error;
}

/** The same for a failed COMMIT: when the line was lost, nobody knows whether the server had received it. */
export function translateCommit(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code !== 'unavailable') return error;
  return new StoreError(
    'outcome_unknown',
    'The line to PostgreSQL was lost during the commit, so it may or may not have been written. Look before doing it again.',
    error.cause,
  );
}
