import { STILL_FOR_MS } from '../../core/migration/stillness.ts';
import type { RescueEnd, RescueOrder, Rescuer } from '../../ports/acting.ts';
import type { ArchiveReader, RescueReader } from '../../ports/archive.ts';
import type { Clock } from '../../ports/host.ts';
import { connect } from '../connect.ts';
import { openPlace, type Place } from '../place.ts';
import type { ReaderOptions } from '../reader.ts';
import { OutOfStep, RefusedByRedis } from '../scripts.ts';
import { inTurns } from '../turns.ts';
import { Deed } from './deed.ts';
import { readMark } from './list-window.ts';
import { type DeadList, findLists } from './lists.ts';
import { OtherTurn } from './scripts.ts';
import { takeBack } from './take-back.ts';
import { workOff } from './work-off.ts';

/** Opens what moves stranded jobs of one sidekiq. It connects when it is first used. */
export function openRescuer(
  options: ReaderOptions & { readonly archive: ArchiveReader & RescueReader },
): Rescuer {
  const connection = connect(options);
  const place = openPlace(connection, options);
  const { keys } = place;
  const { archive, clock } = options;
  return {
    rescue: (order, steps) => {
      const fresh = () => new Deed(connection, keys, archive, order, steps);
      return inTurns(fresh, (deed) => carryOut(deed, () => rescueAll(deed, place, order, clock)), giveUp);
    },
    takeBack: (order, steps) => {
      const fresh = () => new Deed(connection, keys, archive, { ...order, keep: [], archive: [] }, steps);
      return inTurns(fresh, (deed) => carryOut(deed, () => takeBack(deed, order)), giveUp);
    },
    close: async () => connection.close(),
  };
}

async function carryOut(deed: Deed, work: () => Promise<void>): Promise<RescueEnd> {
  if (!(await deed.begin())) return superseded(deed);
  try {
    await work();
    await deed.books.write();
    return endOf(deed, ...howItEnded(deed));
  } catch (error) {
    if (error instanceof OtherTurn) return superseded(deed);
    if (!(error instanceof RefusedByRedis) && !(error instanceof OutOfStep)) throw error;
    // What each call of the step did is known: a refused one has done nothing.
    await deed.books.write();
    if (error instanceof OutOfStep) throw error;
    return endOf(deed, 'refused', error.message);
  }
}

async function giveUp(deed: Deed, because: string): Promise<RescueEnd> {
  return endOf(deed, 'refused', because);
}

function superseded(deed: Deed): RescueEnd {
  return endOf(deed, 'superseded', 'Another bot has taken over.');
}

function howItEnded({ stopBecause, books, isOverCap }: Deed): [RescueEnd['type'], string] {
  if (stopBecause !== undefined) return ['refused', stopBecause];
  if (books.isStopping) return ['stopped', 'It was stopped between two steps.'];
  if (isOverCap) return ['cap_reached', 'No more were approved.'];
  return ['done', 'All of it was worked off.'];
}

async function rescueAll(deed: Deed, place: Place, order: RescueOrder, clock: Clock): Promise<void> {
  const first = await findLists(place, order.lists);
  const watched = await marksOf(deed, first.dead);
  const watchedSinceMs = clock.steadyMs();
  const owned = first.dead.filter(({ isOfReliableFetch }) => !isOfReliableFetch);
  await workOff(deed, owned, new Map());
  deed.leftAlone.push(...first.leftAlone);
  if (watched.size > 0 && !deed.isOver) {
    deed.books.note = `${watched.size} of reliable_fetch must lie unchanged for ${STILL_FOR_MS / 1000} s before they are moved`;
    // So that people see why it waits.
    await deed.books.write();
    await waitUntil(deed, clock, watchedSinceMs + STILL_FOR_MS);
    const then = deed.isOver ? { dead: [], leftAlone: [] } : await findLists(place, [...watched.keys()]);
    deed.leftAlone.push(...then.leftAlone);
    await workOff(deed, then.dead, watched);
  }
}

/** How lists of reliable_fetch look now: half a minute later they must still look so (reference: 5.4). */
async function marksOf(deed: Deed, lists: readonly DeadList[]): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for (const { list, isOfReliableFetch } of lists) {
    if (!isOfReliableFetch) continue;
    const mark = await readMark(deed.connection, list.key);
    if (mark !== undefined) marks.set(list.key, mark);
    else deed.leftAlone.push(`${list.key} was left alone: it changed while it was looked at.`);
  }
  return marks;
}

async function waitUntil(deed: Deed, clock: Clock, untilMs: number): Promise<void> {
  for (
    let leftMs = untilMs - clock.steadyMs();
    leftMs > 0 && !deed.isOver;
    leftMs = untilMs - clock.steadyMs()
  ) {
    await deed.books.ask(leftMs);
  }
}

function endOf({ books, leftAlone, kept }: Deed, type: RescueEnd['type'], sentence: string): RescueEnd {
  return { type, sentence, moved: books.moved, archived: books.archived, kept, leftAlone: [...leftAlone] };
}
