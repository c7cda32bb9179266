import { z } from 'zod';
import { fingerprintOf, type Plain } from './canonical.ts';

/**
 * Exactly what would change, as data: it can be printed, compared, stored and shown to a second person before anything
 * happens. Every guarded action speaks through it; what is its own is in `parameters`.
 */
const planSchema = z.strictObject({
  /** The guarded action by name. */
  action: z.string().min(1),
  sidekiq: z.string().min(1),
  /** What it is about, as people call it: a job class, a process, an earlier action. */
  target: z.string().min(1),
  /** The job class whose settings apply (`protect`), or null when it is about none. */
  jobClass: z.string().min(1).nullable(),
  /** Where it acts, in the order of the deed, with the number seen there. */
  places: z.array(z.strictObject({ name: z.string().min(1), count: z.int().nonnegative() })),
  /** Only jobs created before this moment; null when age plays no part. */
  cutOffMs: z.int().nullable(),
  /** Never more than this, whatever is found. */
  cap: z.int().nonnegative(),
  /** What else is touched, each a sentence. */
  sideEffects: z.array(z.string().min(1)),
  /** What was seen that helps to decide, each a sentence; nothing is done or refused by it. */
  notes: z.array(z.string().min(1)).optional(),
  /** How it can be undone, or that it can't. */
  undo: z.string().min(1),
  parameters: z.json(),
  plannedAtMs: z.int(),
});

type PlanShape = Omit<z.output<typeof planSchema>, 'places' | 'sideEffects' | 'notes' | 'parameters'>;
export type Plan = Readonly<PlanShape> & {
  readonly places: readonly PlannedPlace[];
  readonly sideEffects: readonly string[];
  readonly notes?: readonly string[] | undefined;
  readonly parameters: Plain;
};
type PlannedPlace = { readonly name: string; readonly count: number };

/** For schemas that hold a plan. */
export const readPlan: z.ZodType<Plan> = planSchema;

/** What stands in the buttons: a click counts only for the very plan that was on the screen. */
export function fingerprintOfPlan(plan: Plan): string {
  return fingerprintOf(plan);
}

/** How many were seen when it was made. */
export function plannedCount(plan: Pick<Plan, 'places'>): number {
  return plan.places.reduce((sum, place) => sum + place.count, 0);
}

/**
 * The same for two plans that mean the same thing at different times: counts, cut-off and side effects are left out.
 * While one of them is open, a second is not opened.
 */
export function subjectOf(plan: Plan): string {
  const { action, sidekiq, target, jobClass, parameters } = plan;
  return fingerprintOf({ action, sidekiq, target, jobClass, parameters });
}
