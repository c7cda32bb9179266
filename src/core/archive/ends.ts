/** claimed: on its way back. uncertain: it may be back or not, and is not tried again, so that no job runs twice. */
export const JOB_ENDS = ['claimed', 'restored', 'uncertain', 'written_off'] as const;
export type JobEnd = (typeof JOB_ENDS)[number];

type Stretch = { readonly first: number; readonly jobs: number };

/** What is left of `total` jobs, counted from 0, between stretches that have ended; those come in order and never overlap. */
export function between(total: number, ended: readonly Stretch[]): readonly Stretch[] {
  const free: Stretch[] = [];
  let next = 0;
  for (const { first, jobs } of [...ended, { first: total, jobs: 0 }]) {
    if (first > next) free.push({ first: next, jobs: first - next });
    next = first + jobs;
  }
  return free;
}

/** So many jobs are `percent` of all that were archived, as far as they are still owed; at least one. */
export function shareOf(archived: number, owed: number, percent: number): number {
  return Math.min(owed, Math.ceil((archived * percent) / 100));
}
