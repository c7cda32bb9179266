import { closeSync, openSync, rmSync } from 'node:fs';
import { backup } from 'node:sqlite';
import { StoreError } from '../../ports/store.ts';
import { openFile } from './connection.ts';
import { translateSqlite } from './failure.ts';

/**
 * Copies a store file, whole and consistent, while the bot writes it, to a file that is not there yet and that its owner alone may
 * read. @throws {StoreError}
 */
export async function copyFile(path: string, to: string): Promise<void> {
  const notCopied = (error: unknown) =>
    new StoreError('unavailable', `${path} could not be copied to ${to}. Check both paths.`, error);
  try {
    // It will hold the arguments of jobs: shut before the first byte of them is in it.
    closeSync(openSync(to, 'wx', 0o600));
  } catch (error) {
    throw notCopied(error);
  }
  try {
    const source = openFile(path, true);
    try {
      await backup(source, to);
    } finally {
      source.close();
    }
  } catch (error) {
    // What is empty or half a copy must not be taken for one.
    rmSync(to);
    const translated = translateSqlite(error, path);
    throw translated instanceof StoreError ? translated : notCopied(error);
  }
}
