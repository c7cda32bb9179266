import { counted } from '../amounts.ts';
import { isIn } from '../approval/proposal.ts';
import { driftOfKinds } from '../drift.ts';
import { type Plan, plannedCount } from '../plan.ts';
import type { ClassPolicy } from '../policy.ts';
import type { Button } from '../reply/reply.ts';
import type { GuardedAction } from './action.ts';
import { describePurge, UNDO } from './purge-describe.ts';
import type { ClassFound } from './purge-found.ts';
import { notesOf } from './purge-notes.ts';
import { type PurgeParameters, purgeParameters } from './purge-parameters.ts';
import { refusalOfClass, refusalOfFound } from './purge-refusals.ts';
import { sideEffectsOf } from './purge-side-effects.ts';

/** The purge that this one goes on with. */
export type PurgedBefore = {
  readonly id: string;
  readonly cap: number;
  readonly archived: number;
  /** Of those, what was put back since. */
  readonly restored: number;
};

export type PurgeSeen = {
  readonly found: ClassFound;
  /** What the settings say of classes. */
  readonly classes: ReadonlyMap<string, ClassPolicy>;
  /** Of the plan that was approved, when it is made again. */
  readonly approved?: Pick<Plan, 'cap'> | undefined;
  readonly before?: PurgedBefore | undefined;
};

/**
 * Purge: every job of one class, created before the plan, goes out of every place into the archive, and can be put back.
 * The dead set is left alone: it is where the evidence lies, and it does not run.
 */
export const purge: GuardedAction<PurgeParameters, PurgeSeen> = {
  name: 'purge',
  parameters: purgeParameters,
  plan(parameters, { found, classes, approved, before }, nowMs) {
    const { jobClass, longer } = parameters;
    const no = refusalOfClass(jobClass, classes);
    if (no !== undefined) return no;
    // Whoever goes on looks for what comes back: that nothing lies there now is no reason to end it.
    const nothing = approved === undefined && longer === null ? refusalOfFound(parameters, found) : undefined;
    if (nothing !== undefined) return nothing;
    return {
      action: 'purge',
      sidekiq: found.sidekiq,
      target: jobClass,
      jobClass,
      places: found.places,
      cutOffMs: found.cutOffMs,
      cap: approved?.cap ?? Math.max(capOf(found), leftOf(before)),
      sideEffects: sideEffectsOf(jobClass, found, parameters),
      notes: [...notesOf(jobClass, found, classes), ...putBackSince(before)],
      undo: UNDO,
      parameters,
      plannedAtMs: nowMs,
    };
  },
  drift(approved, fresh) {
    // Its jobs wander between the places (a retry falls due, a process dies), and every place was agreed to; how many
    // there are is bounded by the cap.
    const places = [...approved.places, ...fresh.places.map(({ name }) => ({ name, count: 0 }))];
    return driftOfKinds({ ...approved, places }, fresh);
  },
  describe: describePurge,
  next: (proposal) => {
    if (!isIn(proposal, 'executing', 'interrupted', 'done', 'stopped', 'failed')) return [];
    const { id, plan, now } = proposal;
    const longer: Button = {
      type: 'ask',
      label: 'Sweep longer',
      command: `purge --longer ${id} on ${plan.sidekiq}`,
    };
    const hasEnded = now.state !== 'executing' && now.state !== 'interrupted';
    if (!hasEnded || (now.progress?.done ?? 0) === 0) return [longer];
    return [
      longer,
      { type: 'ask', label: 'Restore 1 %', command: `restore ${id} --percent 1 on ${plan.sidekiq}` },
      { type: 'ask', label: 'Write off', command: `writeoff ${id} on ${plan.sidekiq}` },
    ];
  },
};

/** So many more than were seen may come out of clients, transactions and threads that nobody can look into. */
const MARGIN_SHARE = 0.05;
const LEAST_MARGIN = 25;

/** Of what two people agreed to before: a fleet that dies as a whole brings back more than one that is looked at in peace. */
function leftOf(before: PurgedBefore | undefined): number {
  return before === undefined ? 0 : before.cap - before.archived;
}

function putBackSince(before: PurgedBefore | undefined): readonly string[] {
  if (before === undefined || before.restored === 0) return [];
  const { id, restored } = before;
  return [
    `${counted(restored, 'job')} that ${id} archived ${restored === 1 ? 'was' : 'were'} put back since: those of them that still wait are taken out again.`,
  ];
}

/**
 * The most that may be taken: what was seen, what runs (each thread's job can come back once), a margin; and when not
 * everything was read, all that was not, for any of it may be of the class.
 */
function capOf({ places, running, exactness }: ClassFound): number {
  const seen = plannedCount({ places });
  const unread = Math.max(0, exactness.knownCount - exactness.readCount);
  const margin = Math.max(LEAST_MARGIN, Math.ceil(seen * MARGIN_SHARE));
  return seen + running.threads + margin + (exactness.isExact ? 0 : unread);
}
