import type { GiveBackOrder, PurgeEnd, PurgeOrder, Purger, PurgeSteps } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import { connect } from '../connect.ts';
import { Pace } from '../pace.ts';
import { openPlace, type Place } from '../place.ts';
import type { ReaderOptions } from '../reader.ts';
import { inTurns } from '../turns.ts';
import { endAllParking, giveBackAll, parkedQueues, toldParked, unreadIfRefused } from './all-parked.ts';
import { Deed } from './deed.ts';
import { passOver } from './passes.ts';
import { releaseLocks } from './release-locks.ts';

/** Where every pass finds more, something puts it there; people should know before it goes on. */
const MAX_PASSES = 20;

/** Long enough to search any keyspace once to its end; a pass that looked at half of it proves nothing. */
const SEARCH_MS = 10 * 60_000;

type PurgerOptions = ReaderOptions & { readonly archive: ArchiveReader; readonly searchMs?: number };

/** Opens what takes jobs out of one sidekiq's Redis. It connects when it is first used. */
export function openPurger(options: PurgerOptions): Purger {
  const connection = connect(options);
  const place = openPlace(connection, options);
  const { keys } = place;
  // Over all passes of an action, so that nothing that happens to Redis between two of them is overlooked.
  let pace = { actionId: '', of: new Pace(connection) };
  return {
    purge: (order, steps) => {
      const { actionId } = order;
      if (pace.actionId !== actionId) pace = { actionId, of: new Pace(connection) };
      const losses = new Set<string>();
      return inTurns(
        () => new Deed(connection, keys, options.archive, order, steps, pace.of, losses),
        (deed) => carryOut(deed, place, order, options.searchMs ?? SEARCH_MS),
        giveUp,
      );
    },
    parked: () => parkedQueues(connection, keys).catch(unreadIfRefused),
    giveBackParked: (giving) => {
      const [order, steps] = nothingLeaves(options.sidekiq, giving);
      const losses = new Set<string>();
      return inTurns(
        () => new Deed(connection, keys, options.archive, order, steps, new Pace(connection), losses),
        async (deed) => {
          await deed.begin();
          return giveBackAll(deed);
        },
        giveBackAll,
      );
    },
    releaseLocks: (removed) => releaseLocks(connection, keys, removed),
    close: async () => connection.close(),
  };
}

/** What is parked goes back first: a refusal of a moment ago may be over. */
async function giveUp(deed: Deed, because: string): Promise<PurgeEnd> {
  const parked = toldParked(await giveBackAll(deed));
  return endOf(deed, 'refused', [because, parked].filter(Boolean).join(' '));
}

/** The order of whoever only gives back: it has a note of its own in Redis, and nothing in the archive. */
function nothingLeaves(sidekiq: string, { fence, pause }: GiveBackOrder): [PurgeOrder, PurgeSteps] {
  const selection = { jobClass: '', queues: [], cutOffMs: 0 };
  const order = { actionId: `give-back/${sidekiq}`, fence, selection, cap: 0 };
  return [order, { commit: async () => 'stop', pause }];
}

async function carryOut(deed: Deed, place: Place, order: PurgeOrder, searchMs: number): Promise<PurgeEnd> {
  if (!(await deed.begin())) return endOf(deed, 'superseded', 'Another bot has taken over.');
  await deed.breathe();
  await endAllParking(deed);
  let hadGaps = false;
  for (let pass = 1; pass <= MAX_PASSES && !deed.isOver; pass += 1) {
    const met = await passOver(deed, place, order.selection.queues, searchMs);
    // What happened to Redis in its last moments counts as well.
    await deed.breathe(true);
    if (met > 0 || deed.isOver) continue;
    if (deed.gaps.size === 0) return endOf(deed, 'clean', 'The last pass found none.');
    // Once more: a list that grew is then known to be long, and a search that an earlier purge began is then over.
    if (hadGaps) return endOf(deed, 'unproven', [...deed.gaps].join(' '));
    hadGaps = true;
  }
  await deed.books.write();
  if (deed.stopBecause !== undefined) return endOf(deed, 'refused', deed.stopBecause);
  if (deed.books.isStopping)
    return endOf(deed, 'stopped', 'It was stopped between two steps; nothing is parked.');
  if (deed.isOverCap) return endOf(deed, 'cap_reached', `${order.cap} have left, and no more were approved.`);
  return endOf(deed, 'still_coming', `Each of ${MAX_PASSES} passes found some.`);
}

function endOf({ books, leftAlone, losses }: Deed, type: PurgeEnd['type'], sentence: string): PurgeEnd {
  const { archived, taken } = books;
  return { type, sentence, archived, taken, leftAlone: [...leftAlone], losses: [...losses] };
}
