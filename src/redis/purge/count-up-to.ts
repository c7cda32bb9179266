import type { JobPlace } from '../../core/sidekiq/tally.ts';
import { listSource, readPages } from '../pages.ts';
import { mustBeRead } from '../scripts.ts';
import type { Deed } from './deed.ts';

/** Reads a list until so many jobs of it are meant, or to its end: then it is proven that no more are. @throws {RefusedByRedis} */
export async function countUpTo(deed: Deed, key: string, place: JobPlace, enough: number): Promise<number> {
  let met = 0;
  for await (const page of readPages(deed.connection, listSource(key), mustBeRead)) {
    for (const isMeant of deed.judge(page, place)) met += isMeant ? 1 : 0;
    if (met >= enough || deed.books.isStopping) break;
    await deed.breathe();
  }
  return met;
}
