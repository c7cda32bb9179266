import { z } from 'zod';
import { counted } from '../amounts.ts';
import { driftOf } from '../drift.ts';
import type { RescuedTotals } from '../migration/rescued.ts';
import { type Plan, plannedCount } from '../plan.ts';
import { refuse } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import type { GuardedAction } from './action.ts';

const parameters = z.strictObject({ action: z.string().min(1).max(50) });

export type UndoRescueParameters = z.output<typeof parameters>;

export type UndoRescueSeen = {
  readonly sidekiq: string;
  readonly rescued: RescuedTotals;
  /** How many of them still wait, by queue. */
  readonly waiting: ReadonlyMap<string, number>;
  /** False when there was no time to read all queues. */
  readonly isWhole: boolean;
  /** The plan that was approved, when it is made again. */
  readonly approved?: Plan | undefined;
};

/** Archives what a rescue has moved, as far as no worker has taken it: told again by their very bytes. */
export const undoRescue: GuardedAction<UndoRescueParameters, UndoRescueSeen> = {
  name: 'undo-rescue',
  parameters,
  plan({ action }, { sidekiq, rescued, waiting, isWhole, approved }, nowMs) {
    if (rescued.count === 0) {
      return refuse(
        'nothing_was_rescued',
        say`No rescue ${code(action)} has moved a job in ${sidekiq}.`,
        say`${code('/sidekiq actions')} lists the latest actions.`,
      );
    }
    const places = [...waiting]
      .filter(([, count]) => count > 0)
      .map(([queue, count]) => ({ name: `queue ${queue}`, count }));
    if (places.length === 0) {
      return refuse(
        'nothing_waits',
        say`None of the ${counted(rescued.count, 'job')} that ${code(action)} has moved still waits: workers have taken them.`,
        say`Nothing needs to be done.`,
      );
    }
    return {
      action: 'undo-rescue',
      sidekiq,
      target: action,
      jobClass: null,
      places,
      cutOffMs: null,
      cap: approved?.cap ?? (isWhole ? plannedCount({ places }) : rescued.count),
      sideEffects: [],
      notes: [
        `${action} moved ${counted(rescued.count, 'job')}: ${rescued.classes.map(({ jobClass, count }) => `${count} ${jobClass}`).join(', ')}.`,
        ...(isWhole ? [] : ['There was no time to read every queue: at least so many wait.']),
      ],
      undo: 'Every job is archived byte for byte before it leaves Redis, so all of it can be restored.',
      parameters: { action },
      plannedAtMs: nowMs,
    };
  },
  drift: (approved, fresh) => {
    // They only ever wait in the queues that they were moved to; workers make them fewer.
    const places = [...approved.places, ...fresh.places.map(({ name }) => ({ name, count: 0 }))];
    return driftOf({ ...approved, places }, fresh);
  },
  describe: (plan) => ({
    headline: say`undo the rescue ${code(plan.target)}: archive ${counted(plannedCount(plan), 'job')} that still ${plannedCount(plan) === 1 ? 'waits' : 'wait'}`,
    details: [
      say`Those that workers have taken meanwhile are not touched. Each is archived before it leaves Redis.`,
      ...(plan.notes ?? []).map((note) => say`${note}`),
    ],
  }),
};
