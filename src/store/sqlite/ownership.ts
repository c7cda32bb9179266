import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../ports/store.ts';
import { BUSY, errorCodeOf } from './failure.ts';

/** Ends the ownership; so does the death of the process, however it dies. */
export type Ownership = { release(): void };

/**
 * A store file belongs to one bot. Beside it lies `FILE-owner`, a SQLite file that is never written: the bot holds an
 * exclusive transaction on it, which is a lock of the operating system, so it goes with the process and needs no cleaning
 * after a kill -9. Tools that only look don't ask for it.
 */
export function takeOwnership(path: string): Ownership {
  const lock = new DatabaseSync(`${path}-owner`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (errorCodeOf(error) !== BUSY) throw error;
    throw new StoreError(
      'owned',
      `Another bot runs on ${path}, and a SQLite file serves one bot. Stop the other, or set DATABASE_URL to PostgreSQL to run several.`,
      error,
    );
  }
  return { release: () => lock.close() };
}
