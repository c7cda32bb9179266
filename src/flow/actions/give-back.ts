import type { Purger } from '../../ports/acting.ts';
import type { Clock, Log } from '../../ports/host.ts';
import type { Leases } from '../../ports/store.ts';
import { type HeldLease, holdLease } from '../lease.ts';

/** This bot, and what it shares with others. */
type Bot = { readonly store: Leases; readonly holder: string; readonly clock: Clock; readonly log: Log };

/** One at a time goes over a sidekiq: two would give back each other's parked queues. */
export function holdPurging(sidekiq: string, who: string, bot: Bot): Promise<HeldLease | undefined> {
  return holdLease(`purge/${sidekiq}`, `${bot.holder}/${who}`, bot.store, bot);
}

/**
 * A purge that failed while Redis took no writes has left a queue parked, where no worker looks. Whoever may go over this
 * sidekiq gives it back, so that nobody has to purge again for it.
 */
export async function giveBackParked(
  sidekiq: string,
  purger: Purger,
  bot: Bot,
  signal: AbortSignal,
): Promise<void> {
  const queues = await purger.parked();
  if (queues === undefined || queues.length === 0) return;
  await using turn = await holdPurging(sidekiq, 'give-back', bot);
  if (turn === undefined) return;
  const ends = AbortSignal.any([signal, turn.lost]);
  const pause = async (ms: number) => {
    await bot.clock.wait(ms, ends);
    ends.throwIfAborted();
    return 'go on' as const;
  };
  const end = await purger.giveBackParked({ fence: turn.fence, pause });
  const how =
    end.stillParked?.length === 0 ? 'they were given back' : 'Redis does not let them be given back';
  bot.log.warn({ sidekiq, queues, ...end }, `a purge had left queues parked; ${how}`);
}
