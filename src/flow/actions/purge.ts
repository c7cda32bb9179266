import type { PurgeParameters } from '../../core/actions/purge-parameters.ts';
import { counted } from '../../core/amounts.ts';
import { plannedCount } from '../../core/plan.ts';
import {
  type ArchivePlace,
  type ArchiveReader,
  type Clock,
  type PurgeEnd,
  type PurgeOrder,
  type Purger,
  RedisUnavailable,
} from '../../ports.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome, Work } from '../guarded.ts';
import { planningPurges } from './plan-purge.ts';

/** While it proves itself it looks so often, and never more than a tenth of the time. */
const SWEEP_EVERY_MS = 5000;
const SWEEP_SHARE = 10;
/** Where they came back from, at most so many places. */
const NAMED_PLACES = 3;

type Archive = Pick<ArchiveReader, 'archiveTotals' | 'lastChunk'>;

/** Purges a class of one sidekiq: out of every place, and then it proves for a while that it stays so. */
export function purging(sidekiq: ObservedSidekiq, purger: Purger, archive: Archive, clock: Clock): Guarded {
  return {
    ...planningPurges(sidekiq),
    carryOut: async (work) => {
      const first = await purgeOnce(work, purger);
      const ended = endedBy(first);
      if (ended !== undefined) return ended;
      const { sweepMs } = work.plan.parameters as PurgeParameters;
      const sweptFrom = await archive.lastChunk(work.id);
      const last = await sweep(work, purger, clock, clock.nowMs() + sweepMs);
      const endedLater = endedBy(last);
      const back = await cameBack(work.id, archive, sweptFrom);
      if (endedLater !== undefined) return endedLater.type === 'failed' ? endedLater : stopped(last);
      const running = await countRunning(work.plan.target, sidekiq);
      return { type: 'done', result: `${sentenceOf(last)} ${back}${running}` };
    },
  };
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
  // Throws when the lease is lost, which is what it means.
  if (end.type === 'superseded') await work.pause(0);
  return end;
}

/** Goes on passing over all places: what dying processes bring back is taken too. */
async function sweep(work: Work, purger: Purger, clock: Clock, untilMs: number): Promise<PurgeEnd> {
  for (;;) {
    const beganAtMs = clock.nowMs();
    const end = await purgeOnce(work, purger);
    if (endedBy(end) !== undefined || clock.nowMs() >= untilMs) return end;
    const tookMs = clock.nowMs() - beganAtMs;
    const waitMs = Math.max(SWEEP_EVERY_MS, tookMs * SWEEP_SHARE);
    const answer = await work.pause(Math.max(0, Math.min(waitMs, untilMs - clock.nowMs())));
    if (answer === 'stop') return { ...end, type: 'stopped' };
  }
}

/** Undefined while there is reason to go on. */
function endedBy(end: PurgeEnd): Outcome | undefined {
  switch (end.type) {
    case 'clean':
    case 'still_coming':
      return undefined;
    case 'stopped':
      return stopped(end);
    case 'cap_reached':
      return {
        type: 'failed',
        reason: `${counted(end.archived, 'job')} are archived, and no more were approved; there are more. Propose it again to take those.`,
      };
    case 'superseded':
    case 'refused':
      return { type: 'failed', reason: `${end.sentence} ${soFar(end)}` };
    default:
      return end.type satisfies never;
  }
}

function stopped(end: PurgeEnd): Outcome {
  return { type: 'stopped', result: `${soFar(end)} Nothing is parked; the rest stays where it is.` };
}

function soFar({ archived, taken }: PurgeEnd): string {
  const gone = taken === 0 ? '' : `, and workers took ${taken} first`;
  return `${counted(archived, 'job')} were archived${gone}.`;
}

function sentenceOf(end: PurgeEnd): string {
  const verdict = end.type === 'clean' ? 'None is left.' : `They kept coming: ${end.sentence}`;
  return [verdict, soFar(end), ...end.leftAlone].join(' ');
}

async function cameBack(actionId: string, archive: Archive, afterChunk: number): Promise<string> {
  const totals = (await archive.archiveTotals(actionId, afterChunk)).filter(({ archived }) => archived > 0);
  if (totals.length === 0) return 'None came back.';
  const count = totals.reduce((sum, { archived }) => sum + archived, 0);
  const places = totals.slice(0, NAMED_PLACES).map(({ place }) => nameOf(place));
  const more = totals.length > NAMED_PLACES ? ` and ${totals.length - NAMED_PLACES} more places` : '';
  return `${counted(count, 'job')} came back, from ${places.join(', ')}${more}, and were archived too.`;
}

function nameOf(place: ArchivePlace): string {
  switch (place.kind) {
    case 'queue':
      return `queue ${place.queue}`;
    case 'private_list':
      return `the private list ${place.key}`;
    case 'retry_set':
      return 'the retry set';
    case 'scheduled_set':
      return 'the scheduled set';
    default:
      return place satisfies never;
  }
}

/** A purge stops no thread; who runs one still is worth a word. */
async function countRunning(jobClass: string, sidekiq: ObservedSidekiq): Promise<string> {
  try {
    const { snapshot } = await sidekiq.observe();
    const count = snapshot.works.filter((work) => work.jobClass === jobClass).length;
    return count === 0 ? '' : ` ${counted(count, 'thread')} still ran it when we stopped looking.`;
  } catch (error) {
    if (error instanceof RedisUnavailable) return '';
    throw error;
  }
}
