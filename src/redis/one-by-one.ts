import { numberIn } from './answers.ts';
import { ask } from './ask.ts';
import type { Connection } from './connect.ts';
import { mustBeRead } from './scripts.ts';

/** LREM passes 20 jobs in a microsecond, and sets need a microsecond a job: so much work is one call of half a millisecond. */
const WALK = 10_000;
export const MOST_AT_ONCE = 200;
/** In a longer list each single removal would hold Redis up for milliseconds. */
const MAX_LIST = 100_000;

/**
 * How many jobs a list has, from which some are to be taken one by one; `tooLong` when it has too many for that.
 * @throws {RefusedByRedis}
 */
export async function shortLength(
  connection: Connection,
  key: string,
): Promise<number | { readonly tooLong: number }> {
  const [size] = await ask(connection, [['LLEN', key]]);
  mustBeRead(size);
  const length = numberIn(size?.ok ? size.value : undefined) ?? 0;
  return length > MAX_LIST ? { tooLong: length } : length;
}

/** How many may be removed in one call from a list of this length. */
export function atOnce(length: number): number {
  return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(WALK / Math.max(1, length))));
}
