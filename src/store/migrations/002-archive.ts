import type { Migration } from './migration.ts';

/** The jobs that actions took out of Redis. */
export const archive: Migration = {
  number: 2,
  name: 'archive',
  usableFrom: 1,
  statements: ({ integer, bytes, table }) => [
    table(
      'archive_chunks',
      `action_id text not null,
       number ${integer} not null,
       place_kind text not null,
       place_name text not null,
       place_queue text,
       job_count ${integer} not null,
       size_bytes ${integer} not null,
       sha256 text not null,
       body ${bytes} not null,
       archived_at_ms ${integer} not null,
       tried_count ${integer},
       removed_count ${integer},
       removed ${bytes},
       primary key (action_id, number)`,
    ),
    // At most a few: what an action was about to do when it was interrupted.
    'create index archive_chunks_pending on archive_chunks (action_id) where tried_count is null',
  ],
};
