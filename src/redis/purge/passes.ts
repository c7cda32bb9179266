import { Faults } from '../answers.ts';
import { ask } from '../ask.ts';
import { findJobs, type JobSource } from '../job-sources.ts';
import { readListAsItCame } from '../pages.ts';
import type { Place } from '../place.ts';
import { mustBeRead } from '../scripts.ts';
import type { Deed } from './deed.ts';
import { endParking, isParked, rebuildQueue } from './parked.ts';
import { takeFromList, takeFromSet } from './take-out.ts';

/** Long enough to search any keyspace once to its end; a pass that looked at half of it proves nothing. */
const SEARCH_MS = 10 * 60_000;
/** Jobs in so short a queue are taken out one by one. */
const SHORT_QUEUE = 1000;
/** Up to here a queue is read whole before it is decided how; and so few jobs are worth no parking. */
const MIDDLE_QUEUE = 20_000;
const FEW_JOBS = 200;

/** Before anything else: what an earlier turn had parked goes on to where it belongs. */
export async function endAllParking(deed: Deed): Promise<void> {
  const [reply] = await ask(deed.connection, [['SMEMBERS', deed.keys.queues]]);
  const names = reply?.ok === true && Array.isArray(reply.value) ? reply.value.map(String) : [];
  for (const name of names.filter(isParked).sort()) await endParking(deed, name);
}

/**
 * Goes once over every place where jobs are, in the order in which they flow: what is taken from the sets can't come into
 * the queues any more, nor from there into private lists (reference: 9). Lists of dead owners come before those of live
 * ones. Gives how many jobs were met.
 */
export async function passOver(deed: Deed, place: Place, queues: readonly string[]): Promise<number> {
  const { archived, taken } = deed.books;
  deed.books.note = 'looks for private lists in the whole keyspace';
  // Of millions of keys it takes a minute; as in every step, Redis is given its rest and people may stop it.
  const goOn = async () => {
    await deed.breathe();
    return !deed.isOver;
  };
  const { sources } = await findJobs(place, SEARCH_MS, queues, new Faults(), goOn);
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
    const met = await countUpTo(deed, queue, size > MIDDLE_QUEUE ? 1 : FEW_JOBS + 1);
    if (met > FEW_JOBS || (met > 0 && size > MIDDLE_QUEUE)) return rebuildQueue(deed, queue);
  }
  return takeFromList(deed, key, place, place);
}

/** Reads a queue until so many jobs of it are meant. */
async function countUpTo(deed: Deed, queue: string, enough: number): Promise<number> {
  let met = 0;
  for await (const page of readListAsItCame(deed.connection, deed.keys.queue(queue), mustBeRead)) {
    for (const isMeant of deed.judge(page, { kind: 'queue', queue })) met += isMeant ? 1 : 0;
    page.giveBack();
    if (met >= enough || deed.books.isStopping) break;
    await deed.breathe();
  }
  return met;
}
