import type { PurgeParameters } from '../../core/actions/purge-parameters.ts';
import { plannedCount } from '../../core/plan.ts';
import type { PurgeEnd, PurgeOrder, Purger } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock, Log } from '../../ports/host.ts';
import type { Leases } from '../../ports/store.ts';
import type { Work } from '../guarded.ts';
import { mustHoldLease } from '../planning.ts';
import { holdPurging } from './give-back.ts';

/** So often it looks whether another purge has ended. */
const TURN_EVERY_MS = 2000;

type PassDesk = {
  readonly store: Leases & Pick<ArchiveReader, 'archiveTotals'>;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** Goes over all places, when its turn has come. */
export async function passAlone(
  work: Work,
  sidekiq: string,
  purger: Purger,
  desk: PassDesk,
): Promise<PurgeEnd> {
  for (let isTold = false; ; ) {
    await using turn = await holdPurging(sidekiq, work.id, desk);
    if (turn !== undefined) return await purgeOnce(work, purger);
    const progress = {
      done: work.progress?.done ?? 0,
      planned: plannedCount(work.plan),
      note: 'waits for its turn on this Redis',
    };
    const answer = isTold ? await work.pause(TURN_EVERY_MS) : await work.step(progress);
    if (answer === 'stop') return stoppedAsItIs(work.id, desk.store);
    isTold = true;
  }
}

/** It may have taken many before it had to wait. */
async function stoppedAsItIs(id: string, store: PassDesk['store']): Promise<PurgeEnd> {
  const totals = await store.archiveTotals(id);
  const sumOf = (count: 'archived' | 'taken') => totals.reduce((sum, one) => sum + one[count], 0);
  const [archived, taken] = [sumOf('archived'), sumOf('taken')];
  return { type: 'stopped', sentence: '', archived, taken, leftAlone: [], losses: [] };
}

async function purgeOnce(work: Work, purger: Purger): Promise<PurgeEnd> {
  const { plan } = work;
  const { jobClass, queues } = plan.parameters as PurgeParameters;
  // A plan without a cut-off takes nothing.
  const selection = { jobClass, queues, cutOffMs: plan.cutOffMs ?? 0 };
  const order: PurgeOrder = { actionId: work.id, fence: work.fence, selection, cap: plan.cap };
  const planned = plannedCount(plan);
  const end = await purger.purge(order, {
    commit: ({ archived, taken, note }, write) => {
      const told = taken === 0 ? note : `${note}; ${taken} were gone already`;
      return work.step({ done: archived, planned: Math.max(planned, archived), note: told }, write);
    },
    pause: (ms) => work.pause(ms),
  });
  await mustHoldLease(end, work);
  return end;
}
