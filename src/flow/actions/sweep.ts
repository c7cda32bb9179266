import { z } from 'zod';
import { cameBack } from '../../core/actions/came-back.ts';
import { at, plainText, say } from '../../core/reply/text.ts';
import type { PurgeEnd } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock } from '../../ports/host.ts';
import type { Announcements } from '../../ports/memory.ts';
import type { GoOn, Work } from '../guarded.ts';
import { notesOver } from '../notes.ts';
import { goesOn } from './purge-outcome.ts';

/** While it proves itself it looks so often, and never more than a tenth of the time. */
const SWEEP_EVERY_MS = 5000;
const SWEEP_SHARE = 10;

/** By the clock's time, for the bot that goes on with it may be another; and the last chunk of before: what is archived after it came back. */
const readSweep = z.strictObject({ untilMs: z.int(), afterChunk: z.int() });

/** For how long a purge still looks. */
export type Sweep = { readonly restMs: number; readonly afterChunk: number };

type SweepStore = Announcements & Pick<ArchiveReader, 'lastChunk' | 'archiveTotals'>;

/**
 * The sweep of this purge, which begins now unless it has begun before. It is kept in the store: a purge that is interrupted
 * more often than it sweeps would never end, if each resumption swept from the start. A clock that was set in between makes it
 * no longer than people agreed on.
 */
export async function beginSweep(
  actionId: string,
  sweepMs: number,
  store: SweepStore,
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

/** What a pass found out, for who reads the message meanwhile. */
const STATES: Partial<Record<PurgeEnd['type'], string>> = {
  unproven: 'none more found, which proves nothing of where it could not look',
  still_coming: 'they keep coming',
};

/**
 * Goes on passing over all places: what dying processes bring back is taken too. For so long people see nothing else of it, so
 * it says until when it looks, and each return when it was taken. A pass that finds nothing is no step.
 */
export async function sweep(
  work: Work,
  first: PurgeEnd,
  pass: () => Promise<PurgeEnd>,
  { restMs, afterChunk }: Sweep,
  { store, clock }: { readonly store: SweepStore; readonly clock: Clock },
): Promise<PurgeEnd> {
  const untilMs = clock.steadyMs() + restMs;
  const until = plainText(say`${at(clock.nowMs() + restMs)}`);
  const tell = async (end: PurgeEnd, seenChunk: number): Promise<GoOn> => {
    const state = STATES[end.type] ?? 'none left';
    const back = cameBack(await store.archiveTotals(work.id, seenChunk));
    const note = [...(back === undefined ? [] : [back]), state, `looks on until ${until}`].join('; ');
    // What was planned and is not archived is gone: with it the message would tell of time left for nothing.
    return work.step({ done: end.archived, planned: end.archived, note });
  };
  // One that goes on after a crash tells what came back before.
  let answer = await tell(first, afterChunk);
  let last = first;
  let seenChunk = await store.lastChunk(work.id);
  for (;;) {
    if (answer === 'stop') return { ...last, type: 'stopped' };
    const beganAtMs = clock.steadyMs();
    const end = await pass();
    if (!goesOn(end)) return end;
    if (end.archived > last.archived || end.type !== last.type) {
      answer = await tell(end, seenChunk);
      seenChunk = await store.lastChunk(work.id);
    }
    last = end;
    if (answer === 'stop') continue;
    if (clock.steadyMs() >= untilMs) return end;
    const tookMs = clock.steadyMs() - beganAtMs;
    const waitMs = Math.max(SWEEP_EVERY_MS, tookMs * SWEEP_SHARE);
    answer = await work.pause(Math.max(0, Math.min(waitMs, untilMs - clock.steadyMs())));
  }
}
