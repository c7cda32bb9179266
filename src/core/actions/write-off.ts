import { z } from 'zod';
import { counted, exact } from '../amounts.ts';
import { driftOf } from '../drift.ts';
import { code, say } from '../reply/text.ts';
import type { GuardedAction } from './action.ts';
import { type ArchiveSeen, owedIn } from './archive-seen.ts';
import { refusalOfArchive } from './restore-refusals.ts';

/** Write off: what an action archived and nobody will put back is closed, with a reason. */
const parameters = z.strictObject({ archive: z.string().min(1).max(40) });

export type WriteOffParameters = z.output<typeof parameters>;

const UNDO = 'It can’t be undone; until the archive expires, the export still has every job.';

export const writeOff: GuardedAction<WriteOffParameters, ArchiveSeen> = {
  name: 'writeoff',
  parameters,
  plan(wanted, archive, nowMs) {
    const no = refusalOfArchive(archive);
    if (no !== undefined) return no;
    const count = owedIn(archive);
    return {
      action: 'writeoff',
      sidekiq: archive.sidekiq,
      target: archive.actionId,
      jobClass: archive.jobClass,
      places: archive.owed.map(({ name, jobs }) => ({ name, count: jobs })),
      cutOffMs: null,
      cap: count,
      sideEffects: [],
      notes: [
        `${counted(count, 'job')} of ${exact(archive.archived)} archived will never run. Redis is not touched.`,
      ],
      undo: UNDO,
      parameters: wanted,
      plannedAtMs: nowMs,
    };
  },
  drift: driftOf,
  describe: (plan) => ({
    headline: say`write off the rest of what ${code(plan.target)} archived of ${code(plan.jobClass ?? 'a class')}`,
    details: (plan.notes ?? []).map((note) => say`${note}`),
  }),
};
