import { placeName } from '../../core/actions/place-name.ts';
import type { PurgeParameters } from '../../core/actions/purge-parameters.ts';
import { counted, exact } from '../../core/amounts.ts';
import { plannedCount } from '../../core/plan.ts';
import type { PurgeEnd, PurgeOrder, Purger } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock, Log } from '../../ports/host.ts';
import type { Announcements } from '../../ports/memory.ts';
import { RedisUnavailable } from '../../ports/reading.ts';
import type { Leases, ProposalReader } from '../../ports/store.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Work } from '../guarded.ts';
import { holdLease } from '../lease.ts';
import { mustHoldLease } from '../planning.ts';
import { planningPurges } from './plan-purge.ts';
import { endedBy, sentenceOf, stopped } from './purge-outcome.ts';
import { beginSweep } from './sweep.ts';

/** While it proves itself it looks so often, and never more than a tenth of the time. */
const SWEEP_EVERY_MS = 5000;
const SWEEP_SHARE = 10;
/** Where they came back from, at most so many places. */
const NAMED_PLACES = 3;

/** What a purge needs beside its sidekiq. */
export type PurgeDesk = {
  readonly store: Leases &
    Announcements &
    ProposalReader &
    Pick<ArchiveReader, 'archiveTotals' | 'lastChunk' | 'archivedJobs'>;
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
    carryOut: async (work) => {
      const losses = new Set<string>();
      const pass = async () => {
        const end = await passAlone(work, sidekiq.policy.name, purger, desk);
        for (const loss of end.losses) losses.add(loss);
        return { ...end, losses: [...losses] };
      };
      const first = await pass();
      const ended = endedBy(first);
      if (ended !== undefined) return ended;
      const { sweepMs, releaseLocks } = work.plan.parameters as PurgeParameters;
      const { restMs, afterChunk } = await beginSweep(work.id, sweepMs, store, clock);
      const last = await sweep(work, pass, clock, clock.steadyMs() + restMs);
      const endedLater = endedBy(last);
      const back = await cameBack(work.id, store, afterChunk);
      if (endedLater !== undefined) return endedLater.type === 'failed' ? endedLater : stopped(last, back);
      const locks = releaseLocks ? await release(work, purger, store, last) : '';
      const running = await countRunning(work.plan.target, sidekiq);
      return { type: 'done', result: [sentenceOf(last), back, locks, running].filter(Boolean).join(' ') };
    },
  };
}

/** So often it looks whether another purge has ended. */
const TURN_EVERY_MS = 2000;

/** One purge at a time goes over a sidekiq: two would give back each other's parked queues. */
async function passAlone(work: Work, sidekiq: string, purger: Purger, desk: PurgeDesk): Promise<PurgeEnd> {
  for (let isTold = false; ; ) {
    await using turn = await holdLease(`purge/${sidekiq}`, `${desk.holder}/${work.id}`, desk.store, desk);
    if (turn !== undefined) return await purgeOnce(work, purger);
    const progress = {
      done: work.progress?.done ?? 0,
      planned: plannedCount(work.plan),
      note: 'waits for another purge',
    };
    const answer = isTold ? await work.pause(TURN_EVERY_MS) : await work.step(progress);
    if (answer === 'stop') return NOT_BEGUN;
    isTold = true;
  }
}

const NOT_BEGUN: PurgeEnd = {
  type: 'stopped',
  sentence: '',
  archived: 0,
  taken: 0,
  leftAlone: [],
  losses: [],
};

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

/** Goes on passing over all places: what dying processes bring back is taken too. */
async function sweep(
  work: Work,
  pass: () => Promise<PurgeEnd>,
  clock: Clock,
  untilMs: number,
): Promise<PurgeEnd> {
  for (;;) {
    const beganAtMs = clock.steadyMs();
    const end = await pass();
    if (endedBy(end) !== undefined || clock.steadyMs() >= untilMs) return end;
    const tookMs = clock.steadyMs() - beganAtMs;
    const waitMs = Math.max(SWEEP_EVERY_MS, tookMs * SWEEP_SHARE);
    const answer = await work.pause(Math.max(0, Math.min(waitMs, untilMs - clock.steadyMs())));
    if (answer === 'stop') return { ...end, type: 'stopped' };
  }
}

async function cameBack(actionId: string, store: PurgeDesk['store'], afterChunk: number): Promise<string> {
  const totals = (await store.archiveTotals(actionId, afterChunk)).filter(({ archived }) => archived > 0);
  if (totals.length === 0) return 'None came back.';
  const count = totals.reduce((sum, { archived }) => sum + archived, 0);
  const places = totals
    .slice(0, NAMED_PLACES)
    .map(({ place, archived }) => `${exact(archived)} from ${placeName(place)}`);
  const more =
    totals.length > NAMED_PLACES ? ` and others from ${totals.length - NAMED_PLACES} more places` : '';
  return `${counted(count, 'job')} came back and ${count === 1 ? 'was' : 'were'} archived too: ${places.join(', ')}${more}.`;
}

/** On record before it is done, like every deed. */
async function release(
  work: Work,
  purger: Purger,
  store: PurgeDesk['store'],
  { archived }: PurgeEnd,
): Promise<string> {
  const planned = Math.max(archived, plannedCount(work.plan));
  if ((await work.step({ done: archived, planned, note: 'releases unique locks' })) === 'stop') {
    return 'It was stopped before unique locks were released: they stay.';
  }
  const { released, heldByOthers } = await purger.releaseLocks(store.archivedJobs(work.id));
  const held =
    heldByOthers === 0 ? '' : `, and ${exact(heldByOthers)} stay, because other jobs have a part in them`;
  return `${counted(released, 'unique lock was', 'unique locks were')} released${held}.`;
}

/** A purge stops no thread; who runs one still is worth a word. */
async function countRunning(jobClass: string, sidekiq: ObservedSidekiq): Promise<string> {
  try {
    const { snapshot } = await sidekiq.observe();
    const count = snapshot.works.filter((work) => work.jobClass === jobClass).length;
    return count === 0 ? '' : `${counted(count, 'thread')} still ran it when we stopped looking.`;
  } catch (error) {
    if (error instanceof RedisUnavailable) return '';
    throw error;
  }
}
