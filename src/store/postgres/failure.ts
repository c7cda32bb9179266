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
      'PostgreSQL cannot be reached, does not answer or refuses us. Check that it runs, and DATABASE_URL.',
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

/** The same for what is written when it arrives, as a COMMIT is: with the line lost, nobody knows whether it had. */
export function translateWrite(error: unknown): unknown {
  const translated = translatePostgres(error);
  if (!(translated instanceof StoreError) || translated.code !== 'unavailable') return translated;
  return new StoreError(
    'outcome_unknown',
    'PostgreSQL was lost while it was writing, so it may or may not have been written. Look before doing it again.',
    error,
  );
}
