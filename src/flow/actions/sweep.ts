import { z } from 'zod';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock } from '../../ports/host.ts';
import type { Announcements } from '../../ports/memory.ts';
import { notesOver } from '../notes.ts';

/** By the clock's time, for the bot that goes on with it may be another; and the last chunk of before: what is archived after it came back. */
const readSweep = z.strictObject({ untilMs: z.int(), afterChunk: z.int() });

/** For how long a purge still looks. */
export type Sweep = { readonly restMs: number; readonly afterChunk: number };

/**
 * The sweep of this purge, which begins now unless it has begun before. It is kept in the store: a purge that is interrupted
 * more often than it sweeps would never end, if each resumption swept from the start. A clock that was set in between makes it
 * no longer than people agreed on.
 */
export async function beginSweep(
  actionId: string,
  sweepMs: number,
  store: Announcements & Pick<ArchiveReader, 'lastChunk'>,
  clock: Clock,
): Promise<Sweep> {
  const notes = notesOver(store);
  const id = `sweep/${actionId}`;
  const known = await notes.load(id);
  if (known !== undefined) {
    const { untilMs, afterChunk } = readSweep.parse(JSON.parse(known));
    return { restMs: Math.min(sweepMs, Math.max(0, untilMs - clock.nowMs())), afterChunk };
  }
  const afterChunk = await store.lastChunk(actionId);
  await notes.save(id, JSON.stringify({ untilMs: clock.nowMs() + sweepMs, afterChunk }));
  return { restMs: sweepMs, afterChunk };
}
