import type { CrashesSeen, EarlierRestore } from '../../core/actions/archive-seen.ts';
import { countCrashes } from '../../core/actions/crashed-since.ts';
import { PLACES } from '../../core/actions/purge-found.ts';
import { lateGapMs, restore } from '../../core/actions/restore.ts';
import type { RestoreParameters } from '../../core/actions/restore-parameters.ts';
import { NO_ARCHIVE } from '../../core/actions/restore-refusals.ts';
import { counted, duration } from '../../core/amounts.ts';
import { suspectsOf } from '../../core/attribution/verdict.ts';
import type { RestoreEnd, Restorer } from '../../ports/acting.ts';
import type { Clock } from '../../ports/host.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome, Work } from '../guarded.ts';
import { decidedBy, mustHoldLease } from '../planning.ts';
import { type ArchiveStore, seeArchive } from './see-archive.ts';
import { watchRestored } from './watch-restored.ts';

/** A crash that is no longer ago: workers still crash. A restarted one takes a minute or two to show whether it lives. */
const CRASHES_MS = 15 * 60_000;
/** So long after its last crash a class stays under suspicion. */
const SUSPICION_MS = 60 * 60_000;
/** What was seen of crashes is kept that long. */
const REMEMBERED_MS = 24 * 3_600_000;

/** Puts back what an action of one sidekiq archived. */
export function restoring(
  sidekiq: ObservedSidekiq,
  restorer: Restorer,
  store: ArchiveStore,
  clock: Clock,
): Guarded {
  const { name } = sidekiq.policy;
  return {
    ...decidedBy(restore),
    isAllowedOnProtected: true,
    plan: async (parameters, nowMs, approved) => {
      const wanted = restore.parameters.safeParse(parameters).data;
      const archive = wanted && (await seeArchive(wanted.archive, name, store));
      if (wanted === undefined || archive === undefined) return NO_ARCHIVE;
      const crashes = await crashesNow(archive.jobClass, sidekiq, nowMs);
      const unserved = await unservedOf(archive.owed, sidekiq);
      const earlier = await earlierRestores(archive.actionId, sidekiq, store, nowMs);
      return restore.plan(wanted, { archive, crashes, unserved, earlier, approved }, nowMs);
    },
    carryOut: async (work) => {
      const { plan } = work;
      const end = await restorer.restore(
        {
          actionId: work.id,
          fence: work.fence,
          archiveId: (plan.parameters as RestoreParameters).archive,
          count: plan.cap,
          lateGapMs: lateGapMs(plan),
        },
        {
          commit: ({ restored, uncertain, note }, write) => {
            const told = uncertain === 0 ? note : `${note}; ${uncertain} uncertain`;
            return work.step({ done: restored + uncertain, planned: plan.cap, note: told }, write);
          },
          pause: (ms) => work.pause(ms),
        },
      );
      const watched = end.type === 'done' ? await watchRestored(work, sidekiq, store, clock) : undefined;
      return endedBy(end, work, watched);
    },
  };
}

async function endedBy(end: RestoreEnd, work: Work, watched: string | undefined): Promise<Outcome> {
  const soFar = soFarOf(end);
  switch (end.type) {
    case 'done':
      return { type: 'done', result: watched === undefined ? soFar : `${soFar} ${watched}` };
    case 'stopped':
      return { type: 'stopped', result: `${soFar} The rest stays in the archive.` };
    case 'superseded':
      await mustHoldLease(end, work);
      return { type: 'failed', reason: `${end.sentence} ${soFar}` };
    case 'refused':
      return { type: 'failed', reason: `${end.sentence} ${soFar} The rest stays in the archive.` };
    default:
      return end.type satisfies never;
  }
}

function soFarOf({ restored, uncertain, losses }: RestoreEnd): string {
  const unsure =
    uncertain === 0
      ? []
      : [
          `${counted(uncertain, 'job')} may be back or not: Redis lost its note of them, so they are not tried again.`,
        ];
  return [`${counted(restored, 'job')} ${restored === 1 ? 'is' : 'are'} back.`, ...unsure, ...losses].join(
    ' ',
  );
}

async function crashesNow(jobClass: string, sidekiq: ObservedSidekiq, nowMs: number): Promise<CrashesSeen> {
  const { account } = await sidekiq.suspicion(SUSPICION_MS);
  const suspect = suspectsOf(account.verdict).find((one) => one.jobClass === jobClass);
  return {
    count: countCrashes(account.crashes, nowMs - CRASHES_MS),
    withinMs: CRASHES_MS,
    suspicion:
      suspect === undefined
        ? undefined
        : `suspects names ${jobClass} for ${counted(suspect.crashes, 'crash', 'crashes')}, the last ${duration(nowMs - suspect.lastCrashAtMs)} ago`,
  };
}

async function unservedOf(owed: readonly { readonly name: string }[], sidekiq: ObservedSidekiq) {
  const { snapshot } = await sidekiq.observe();
  const living = snapshot.processes.filter(({ state, isQuiet }) => state === 'alive' && !isQuiet);
  const served = new Set(living.flatMap(({ queues }) => queues.map(PLACES.queue)));
  return owed
    .map(({ name }) => name)
    .filter((name) => name.startsWith(PLACES.queue('')) && !served.has(name));
}

/** What was put back of this archive in the last day, with the crashes of the minutes after it. */
async function earlierRestores(
  archiveId: string,
  sidekiq: ObservedSidekiq,
  store: ArchiveStore,
  nowMs: number,
): Promise<readonly EarlierRestore[]> {
  const ended = (await store.endedJobs(archiveId)).filter(({ end }) => end === 'restored');
  const byRestore = [...Map.groupBy(ended, ({ byActionId }) => byActionId).values()]
    .map((ranges) => ({
      jobs: ranges.reduce((sum, { jobs }) => sum + jobs, 0),
      endedAtMs: Math.max(...ranges.map(({ atMs }) => atMs)),
    }))
    .filter(({ endedAtMs }) => nowMs - endedAtMs < REMEMBERED_MS)
    .sort((one, other) => one.endedAtMs - other.endedAtMs);
  if (byRestore.length === 0) return [];
  const { account } = await sidekiq.suspicion();
  return byRestore.map(({ jobs, endedAtMs }) => {
    const lookedMs = Math.min(CRASHES_MS, Math.max(0, nowMs - endedAtMs));
    const crashes = countCrashes(account.crashes, endedAtMs, endedAtMs + CRASHES_MS);
    return { jobs, crashes, lookedMs };
  });
}
