import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { GivenBack } from '../../ports/acting.ts';
import { ask } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { mustBeRead, OutOfStep, RefusedByRedis } from '../scripts.ts';
import type { Deed } from './deed.ts';
import { endParking, isParked } from './parked.ts';

/** The names of parked queues, as they stand in `queues`. @throws {RefusedByRedis} */
export async function parkedQueues(connection: Connection, keys: SidekiqKeys): Promise<readonly string[]> {
  const [reply] = await ask(connection, [['SMEMBERS', keys.queues]]);
  mustBeRead(reply);
  const names = reply?.ok === true && Array.isArray(reply.value) ? reply.value.map(String) : [];
  return names.filter(isParked).sort();
}

/** What an earlier turn had parked goes on to where it belongs. */
export async function endAllParking(deed: Deed): Promise<void> {
  for (const name of await parkedQueues(deed.connection, deed.keys)) await endParking(deed, name);
}

/** The same, and no job leaves: for whoever will not go on. Gives what is parked still, because Redis refuses. */
export async function giveBackAll(deed: Deed): Promise<GivenBack> {
  deed.books.isStopping = true;
  try {
    await endAllParking(deed);
  } catch (error) {
    if (!(error instanceof RefusedByRedis || error instanceof OutOfStep)) throw error;
  }
  const stillParked = await parkedQueues(deed.connection, deed.keys).catch(unreadIfRefused);
  return { stillParked, losses: [...deed.losses] };
}

/** Names that may not be read are not known. */
export function unreadIfRefused(error: unknown): undefined {
  if (!(error instanceof RefusedByRedis)) throw error;
}

/** For people, where a purge has ended; empty where nothing is parked. */
export function toldParked({ stillParked }: GivenBack): string {
  if (stillParked === undefined) return 'Whether a queue is still parked could not be read.';
  const [first] = stillParked;
  if (first === undefined) return '';
  return `Jobs are still parked in ${stillParked.join(', ')}, which no worker reads. The bot gives them back by itself, within a minute of Redis allowing it; whoever can’t wait starts a worker with -q ${first}.`;
}
