import { cameBack } from '../../core/actions/came-back.ts';
import type { PurgeParameters } from '../../core/actions/purge-parameters.ts';
import { fromPrivateLists, stillRunning } from '../../core/actions/still-running.ts';
import { counted, exact } from '../../core/amounts.ts';
import { plannedCount } from '../../core/plan.ts';
import type { Snapshot } from '../../core/sidekiq/snapshot.ts';
import type { PurgeEnd, Purger } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock, Log } from '../../ports/host.ts';
import type { Announcements } from '../../ports/memory.ts';
import { RedisUnavailable } from '../../ports/reading.ts';
import type { Leases, ProposalReader } from '../../ports/store.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Work } from '../guarded.ts';
import { giveBackParked } from './give-back.ts';
import { planningPurges } from './plan-purge.ts';
import { goesOn, outcomeOf } from './purge-outcome.ts';
import { passAlone } from './purge-pass.ts';
import { beginSweep, sweep } from './sweep.ts';

/** What a purge needs beside its sidekiq. */
export type PurgeDesk = {
  readonly store: Leases &
    Announcements &
    ProposalReader &
    Pick<ArchiveReader, 'archives' | 'archiveTotals' | 'lastChunk' | 'archivedJobs'>;
  /** This bot, among those that share the store. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** Purges a class of one sidekiq: out of every place, and then it proves for a while that it stays so. */
export function purging(sidekiq: ObservedSidekiq, purger: Purger, desk: PurgeDesk): Guarded {
  const { store, clock } = desk;
  return {
    ...planningPurges(sidekiq, store),
    clearUp: (signal) => giveBackParked(sidekiq.policy.name, purger, desk, signal),
    carryOut: async (work) => {
      const losses = new Set<string>();
      const pass = async (): Promise<PurgeEnd> => {
        const end = await passAlone(work, sidekiq.policy.name, purger, desk);
        for (const loss of end.losses) losses.add(loss);
        return { ...end, losses: [...losses] };
      };
      const { sweepMs, releaseLocks } = work.plan.parameters as PurgeParameters;
      const told: string[] = [];
      let end = await pass();
      if (goesOn(end)) {
        const rest = await beginSweep(work.id, sweepMs, store, clock);
        end = await sweep(work, end, pass, rest, desk);
        const back = cameBack(await store.archiveTotals(work.id, rest.afterChunk));
        told.push(back === undefined ? 'None came back.' : `${back}.`);
      }
      if (releaseLocks) told.push(await release(work, purger, store, end));
      told.push(...(await leftBehind(work, sidekiq, store)));
      return outcomeOf(end, told);
    },
  };
}

/** On record before it is done, like every deed. */
async function release(
  work: Work,
  purger: Purger,
  store: PurgeDesk['store'],
  { type, archived }: PurgeEnd,
): Promise<string> {
  if (type !== 'clean') return 'Unique locks were not released: they stay.';
  const planned = Math.max(archived, plannedCount(work.plan));
  if ((await work.step({ done: archived, planned, note: 'releases unique locks' })) === 'stop') {
    return 'It was stopped before unique locks were released: they stay.';
  }
  const { released, heldByOthers, refusals } = await purger.releaseLocks(store.archivedJobs(work.id));
  const held =
    heldByOthers === 0 ? '' : `, and ${exact(heldByOthers)} stay, because other jobs have a part in them`;
  const refused =
    refusals.length === 0 ? '' : ` Redis refused part of it (${refusals.join(', ')}), so others may stay.`;
  return `${counted(released, 'unique lock was', 'unique locks were')} released${held}.${refused}`;
}

/** What a purge does not reach: threads that run it, with and without a copy of the job in a private list. */
async function leftBehind(
  { id, plan }: Work,
  sidekiq: ObservedSidekiq,
  store: PurgeDesk['store'],
): Promise<readonly string[]> {
  const snapshot = await lookOnce(sidekiq);
  const inLists = fromPrivateLists(await store.archiveTotals(id), snapshot?.processes);
  const running = stillRunning(plan.parameters as PurgeParameters, snapshot);
  return inLists === undefined ? [running] : [inLists, running];
}

async function lookOnce(sidekiq: ObservedSidekiq): Promise<Snapshot | undefined> {
  try {
    return (await sidekiq.observe()).snapshot;
  } catch (error) {
    if (error instanceof RedisUnavailable) return undefined;
    throw error;
  }
}
