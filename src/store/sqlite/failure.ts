import { StoreError } from '../../ports/store.ts';

/** Primary result codes: https://www.sqlite.org/rescode.html */
export const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** The primary result code of an error of node:sqlite; undefined for any other. */
export function errorCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  // The upper bits say more precisely what failed; the lowest byte is what failed.
  return error.errcode & 0xff;
}

/** Each statement that fails is undone by SQLite, and so is its transaction: nothing is half done. */
export function translateSqlite(error: unknown, path: string): unknown {
  const failure = (code: StoreError['code'], sentence: string) =>
    new StoreError(code, `${sentence} Nothing was written.`, error);
  const unavailable = () =>
    failure('unavailable', `${path} cannot be opened, read or written. Check the disk and the folder.`);
  // Not of SQLite but of the system: the folder could not be made.
  if (error instanceof Error && 'syscall' in error) return unavailable();
  switch (errorCodeOf(error)) {
    case BUSY:
    case LOCKED:
      return failure('locked', `Another program holds ${path}. Close it, or wait for it.`);
    case READ_ONLY:
      return failure(
        'read_only',
        `${path} may only be read. Check its owner and permissions, and its folder's.`,
      );
    case FULL:
      return failure('full', `The disk under ${path} is full. Make room; the bot goes on by itself.`);
    case CORRUPT:
    case NOT_A_DATABASE:
      return failure(
        'corrupt',
        `${path} is damaged or no SQLite file. Keep a copy of it, and restore a backup.`,
      );
    case CANNOT_OPEN:
    case IO_ERROR:
      return unavailable();
    default:
      return error;
  }
}
