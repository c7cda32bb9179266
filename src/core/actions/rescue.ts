import { driftOfKinds } from '../drift.ts';
import type { Survey } from '../migration/survey.ts';
import type { Plan } from '../plan.ts';
import type { ClassPolicy } from '../policy.ts';
import type { GuardedAction } from './action.ts';
import { describeRescue, UNDO } from './rescue-describe.ts';
import { fateOf, fatesOf, type RescuedList } from './rescue-fates.ts';
import { type RescueParameters, rescueParameters } from './rescue-parameters.ts';
import { refusalOfRescue } from './rescue-refusals.ts';
import { notesOfRescue, sideEffectsOfRescue } from './rescue-warnings.ts';

export type RescueSeen = {
  readonly survey: Survey;
  readonly classes: ReadonlyMap<string, ClassPolicy>;
  /** The plan that was approved, when it is made again: its lists are looked at, and no others. */
  readonly approved?: Plan | undefined;
};

/** What lies in private lists of dead owners goes back behind what waits in its queue; suspects are left out. */
export const rescue: GuardedAction<RescueParameters, RescueSeen> = {
  name: 'rescue',
  parameters: rescueParameters,
  plan(parameters, { survey, classes, approved }, nowMs) {
    const now = [...new Set(survey.lists.flatMap(({ suspects }) => suspects))];
    const suspects = parameters.suspects ?? now;
    const wanted = { ...parameters, suspects: [...new Set(suspects)].sort() };
    const agreed = approved === undefined ? parameters.lists : approved.places.map(({ name }) => name);
    const chosen = survey.lists.filter(({ key, move }) => {
      return move.may === 'now' && (agreed.length === 0 || agreed.includes(key));
    });
    const lists = chosen
      .map((list): RescuedList => ({ list, fates: fatesOf(list, fateOf(wanted, classes)) }))
      .filter(({ fates }) => fates.moved + fates.archived + fates.unread > 0);
    const no = refusalOfRescue(wanted, survey, lists);
    if (no !== undefined) return no;
    return {
      action: 'rescue',
      sidekiq: survey.sidekiq,
      target: targetOf(parameters.lists),
      jobClass: null,
      places: lists.map(({ list, fates }) => ({ name: list.key, count: fates.moved + fates.archived })),
      cutOffMs: null,
      cap:
        approved?.cap ??
        lists.reduce((sum, { fates }) => sum + fates.moved + fates.archived + fates.unread, 0),
      sideEffects: sideEffectsOfRescue(wanted, survey, lists, now),
      notes: notesOfRescue(survey, lists),
      undo: UNDO,
      parameters: wanted,
      plannedAtMs: nowMs,
    };
  },
  // New lists are never taken.
  drift: driftOfKinds,
  describe: describeRescue,
};

function targetOf(lists: readonly string[]): string {
  const [only, ...others] = lists;
  if (only === undefined) return 'stranded jobs';
  return others.length === 0 ? only : `${lists.length} lists`;
}
