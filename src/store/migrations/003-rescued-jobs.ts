import type { Migration } from './migration.ts';

/** Which jobs rescues have moved back to their queues: no payloads, only what tells them again. */
export const rescuedJobs: Migration = {
  number: 3,
  name: 'rescued-jobs',
  usableFrom: 1,
  statements: ({ integer, table }) => [
    table(
      'rescued_jobs',
      `action_id text not null,
       number ${integer} not null,
       queue text not null,
       job_count ${integer} not null,
       jobs text not null,
       primary key (action_id, number)`,
    ),
  ],
};
