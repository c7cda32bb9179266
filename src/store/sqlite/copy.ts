import { backup } from 'node:sqlite';
import { StoreError } from '../../ports/store.ts';
import { openFile } from './connection.ts';
import { translateSqlite } from './failure.ts';

/** Copies a store file, whole and consistent, while the bot writes it. @throws {StoreError} */
export async function copyFile(path: string, to: string): Promise<void> {
  try {
    const source = openFile(path, true);
    try {
      await backup(source, to);
    } finally {
      source.close();
    }
  } catch (error) {
    const translated = translateSqlite(error, path);
    if (translated instanceof StoreError) throw translated;
    throw new StoreError('unavailable', `${path} could not be copied to ${to}. Check both paths.`, error);
  }
}
