import type { Plan } from '../../src/core/plan.ts';

/** Whether deeds stayed within what was shown to the people who agreed. */
type Agreed = Pick<Plan, 'action' | 'jobClass' | 'cutOffMs' | 'places'>;

/** Why a purge was not to take this job; undefined where it was. What a rescue archives is judged by its own suspects. */
export function beyondPlan({ action, jobClass, cutOffMs }: Agreed, payload: string): string | undefined {
  if (action !== 'purge') return undefined;
  const job = JSON.parse(payload) as { class: string; wrapped?: string; jid: string; created_at: number };
  const found = job.wrapped ?? job.class;
  if (found !== jobClass) return `${job.jid} is of ${found}, and ${jobClass} was agreed on`;
  // Sidekiq 8 writes milliseconds.
  const createdAtMs = job.created_at > 1e11 ? job.created_at : job.created_at * 1000;
  const isLate = cutOffMs !== null && createdAtMs > cutOffMs;
  return isLate ? `${job.jid} was created after the plan was made` : undefined;
}

/** The processes that took more signals than there were actions which name them; `plans` are those that were begun. */
export function signalledTooOften(
  signals: ReadonlyMap<string, number>,
  plans: readonly Agreed[],
): readonly string[] {
  return [...signals].flatMap(([identity, count]) => {
    const agreed = plans.filter(
      ({ action, places }) => action.startsWith('quiet') && places.some(({ name }) => name === identity),
    ).length;
    return count > agreed ? [`${identity} took ${count} signals, and ${agreed} were agreed on`] : [];
  });
}
