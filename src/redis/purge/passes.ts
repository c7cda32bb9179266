import { Faults } from '../answers.ts';
import { findJobs, type JobSource } from '../job-sources.ts';
import type { Place } from '../place.ts';
import { RefusedByRedis } from '../scripts.ts';
import { countUpTo } from './count-up-to.ts';
import type { Deed } from './deed.ts';
import { isParked, rebuildQueue } from './parked.ts';
import { takeFromList, takeFromSet } from './take-out.ts';

/** Jobs in so short a queue are taken out one by one. */
const SHORT_QUEUE = 1000;
/** Up to here a queue is read whole before it is decided how; and so few jobs are worth no parking. */
const MIDDLE_QUEUE = 20_000;
const FEW_JOBS = 200;

/**
 * Goes once over every place where jobs are, in the order in which they flow: what is taken from the sets can't come into
 * the queues any more, nor from there into private lists (reference: 9). Lists of dead owners come before those of live
 * ones. Gives how many jobs were met; what it could not look at is in `deed.gaps`. @throws {RefusedByRedis}
 */
export async function passOver(
  deed: Deed,
  place: Place,
  queues: readonly string[],
  searchMs: number,
): Promise<number> {
  const { keys } = deed;
  const { archived, taken } = deed.books;
  deed.gaps.clear();
  deed.books.note = 'looks for private lists in the whole keyspace';
  // Of millions of keys it takes a minute; as in every step, Redis is given its rest and people may stop it.
  const goOn = async (leftMs: number) => {
    await deed.breathe();
    await deed.rest(leftMs);
    return !deed.isOver;
  };
  const faults = new Faults();
  const { sources, isSearchedWhole } = await findJobs(place, searchMs, queues, faults, goOn);
  // What may not be read may hold any number of them.
  if (faults.forbidden !== undefined) throw new RefusedByRedis(faults.forbidden);
  const unread = faults.list().filter(({ code, where }) => code === 'unreadable' && where === keys.queues);
  for (const { sentence } of unread) deed.gaps.add(sentence);
  if (!isSearchedWhole) deed.gaps.add('The keyspace was not searched to its end for private lists.');
  for (const source of sources.toSorted((one, other) => turnOf(one) - turnOf(other))) {
    if (deed.isOver) break;
    await takeFrom(deed, source);
  }
  await deed.books.write();
  return deed.books.archived + deed.books.taken - archived - taken;
}

function turnOf({ place, list }: JobSource): number {
  switch (place.kind) {
    case 'scheduled_set':
      return 0;
    case 'retry_set':
      return 1;
    case 'queue':
      return 2;
    case 'private_list':
      return list?.ownerState === 'dead' ? 3 : 4;
    default:
      return place satisfies never;
  }
}

async function takeFrom(deed: Deed, { place, list, size }: JobSource): Promise<void> {
  const { keys, books } = deed;
  switch (place.kind) {
    case 'scheduled_set':
      books.note = 'the scheduled set';
      return takeFromSet(deed, keys.scheduledSet, { kind: place.kind });
    case 'retry_set':
      books.note = 'the retry set';
      return takeFromSet(deed, keys.retrySet, { kind: place.kind });
    case 'queue':
      if (isParked(place.queue)) return;
      books.note = `queue ${place.queue}`;
      return takeFromQueue(deed, place.queue, size);
    case 'private_list': {
      if (list === undefined) return;
      if (list.scheme === 'unknown') {
        deed.leftAlone.add(`${list.key} belongs to no fetcher that is known.`);
        return;
      }
      const { key } = list;
      books.note = `private list ${key}`;
      return takeFromList(deed, key, place, { kind: 'private_list', key, queue: place.queue });
    }
    default:
      return place satisfies never;
  }
}

async function takeFromQueue(deed: Deed, queue: string, size: number): Promise<void> {
  const place = { kind: 'queue', queue } as const;
  const key = deed.keys.queue(queue);
  if (size > SHORT_QUEUE) {
    const enough = size > MIDDLE_QUEUE ? 1 : FEW_JOBS + 1;
    const met = await countUpTo(deed, key, place, enough);
    if (met === 0) return;
    if (met >= enough) return rebuildQueue(deed, queue);
  }
  return takeFromList(deed, key, place, place);
}
