import { counted, duration, exact } from '../amounts.ts';
import type { Proposal } from '../approval/proposal.ts';
import { shareOf } from '../archive/ends.ts';
import { driftOfKinds } from '../drift.ts';
import type { Plan } from '../plan.ts';
import type { Refusal } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import type { GuardedAction } from './action.ts';
import { type ArchiveSeen, type CrashesSeen, type EarlierRestore, isSet, owedIn } from './archive-seen.ts';
import { type RestoreParameters, restoreParameters } from './restore-parameters.ts';
import { refusalOfArchive, refusalOfCrashes, refusalOfPurge } from './restore-refusals.ts';

export type RestoreSeen = {
  readonly archive: ArchiveSeen;
  readonly crashes: CrashesSeen;
  /** Queues that no living process takes jobs from. */
  readonly unserved: readonly string[];
  /** What was put back before, the oldest first. */
  readonly earlier: readonly EarlierRestore[];
  /** Of the plan that was approved, when it is made again. */
  readonly approved?: Pick<Plan, 'cap'> | undefined;
};

const UNDO =
  'A worker may run a restored job at once, which can’t be undone; what still waits can be purged again.';

/** Overdue jobs become due this fast at first, and all of them within an hour. */
const LATE_PER_MINUTE = 600;
const LATE_WITHIN_MINUTES = 60;

/** Of the jobs of a plan, those that go back to their time in a set. */
function countInSets(places: Plan['places']): number {
  return places.filter(({ name }) => isSet(name)).reduce((sum, { count }) => sum + count, 0);
}

/** How far apart overdue jobs become due, so that many take longer and never more than an hour. */
export function lateGapMs({ places }: Pick<Plan, 'places'>): number {
  const jobs = countInSets(places);
  return 60_000 / Math.max(LATE_PER_MINUTE, jobs / LATE_WITHIN_MINUTES);
}

/**
 * Restore: archived jobs go back to the back of their queues, or to their time in a set; a share of them first, so that a
 * class that still does harm does little of it.
 */
export const restore: GuardedAction<RestoreParameters, RestoreSeen> = {
  name: 'restore',
  parameters: restoreParameters,
  plan(wanted, seen, nowMs) {
    const { archive, crashes } = seen;
    const no: Refusal | undefined =
      refusalOfArchive(archive) ?? refusalOfPurge(archive) ?? refusalOfCrashes(wanted, archive, crashes);
    if (no !== undefined) return no;
    const owed = owedIn(archive);
    const share = shareOf(archive.archived, owed, wanted.percent);
    const count = Math.min(share, seen.approved?.cap ?? share);
    return {
      action: 'restore',
      sidekiq: archive.sidekiq,
      target: archive.actionId,
      jobClass: archive.jobClass,
      places: firstOf(archive.owed, count),
      cutOffMs: null,
      cap: count,
      sideEffects: sideEffectsOf(seen),
      notes: notesOf(seen, count, owed),
      undo: UNDO,
      parameters: wanted,
      plannedAtMs: nowMs,
    };
  },
  drift: driftOfKinds,
  describe: (plan) => {
    const { percent } = plan.parameters as RestoreParameters;
    const share = percent === 100 ? say`what is left` : say`${percent} %`;
    return {
      headline: say`restore ${share} of what ${code(plan.target)} archived of ${code(plan.jobClass ?? 'a class')}`,
      details: (plan.notes ?? []).map((note) => say`${note}`),
    };
  },
  next: ({ plan, now }: Proposal) => {
    if (now.state !== 'done' && now.state !== 'stopped' && now.state !== 'failed') return [];
    const { percent } = plan.parameters as RestoreParameters;
    if (percent === 100 && now.state === 'done') return [];
    const on = `on ${plan.sidekiq}`;
    return [
      { type: 'ask', label: 'Restore 10 %', command: `restore ${plan.target} --percent 10 ${on}` },
      { type: 'ask', label: 'Restore the rest', command: `restore ${plan.target} ${on}` },
      { type: 'ask', label: 'Write off the rest', command: `writeoff ${plan.target} ${on}` },
    ];
  },
};

/** The places of the first so many jobs, in the order in which they go back. */
function firstOf(owed: ArchiveSeen['owed'], count: number): Plan['places'] {
  let left = count;
  return owed.flatMap(({ name, jobs }) => {
    const taken = Math.min(left, jobs);
    left -= taken;
    return taken === 0 ? [] : [{ name, count: taken }];
  });
}

/** Each begins with its kind and a colon. */
function sideEffectsOf({ archive, crashes, unserved }: RestoreSeen): string[] {
  const { count, withinMs, suspicion } = crashes;
  const { owedOfPrivateLists: unsure } = archive;
  const seen = [
    ...(count > 0 ? [`${counted(count, 'worker')} crashed in the last ${duration(withinMs)}`] : []),
    ...(suspicion === undefined ? [] : [suspicion]),
  ];
  return [
    ...(seen.length === 0
      ? []
      : [
          `STILL CRASHING: ${seen.join(', and ')}. Restored jobs may crash workers again; who approves agrees to that.`,
        ]),
    ...(unsure === 0
      ? []
      : [
          `May run twice: of the owed jobs ${exact(unsure)} may have run already, for they were in private lists; a worker that lived may have finished them after they were archived, and each of these that goes back runs again. The export names them.`,
        ]),
    ...(unserved.length === 0
      ? []
      : [
          `Nobody serves it: no living process takes jobs from ${unserved.join(', ')}; what goes there will wait.`,
        ]),
  ];
}

function notesOf({ archive, earlier }: RestoreSeen, count: number, owed: number): string[] {
  const inSets = countInSets(firstOf(archive.owed, count));
  const spreadMs = inSets * lateGapMs({ places: firstOf(archive.owed, count) });
  return [
    `${counted(count, 'job')} of ${exact(archive.archived)} archived go back byte for byte, each put back at most once: to the back of their queues in their old order, retries and scheduled ones to their time. ${exact(owed - count)} stay in the archive after that.`,
    ...(inSets === 0
      ? []
      : [
          `Of the ${exact(inSets)} that had a time, those whose time has passed become due one after another, over at most ${duration(Math.max(60_000, spreadMs))}.`,
        ]),
    ...earlier.map(
      ({ jobs, crashes, lookedMs }) =>
        `After ${counted(jobs, 'job')} went back before, ${crashes === 0 ? 'no worker' : counted(crashes, 'worker')} crashed in the ${duration(lookedMs)} that followed.`,
    ),
    ...(archive.uncertain === 0
      ? []
      : [
          `${counted(archive.uncertain, 'job')} may be back already: Redis lost its note of them, so they are not restored again; the export names them.`,
        ]),
  ];
}
