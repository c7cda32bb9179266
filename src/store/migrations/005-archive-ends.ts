import type { Migration } from './migration.ts';

/** What became of archived jobs, in stretches of their chunks: a few rows a chunk, however many jobs. */
export const archiveEnds: Migration = {
  number: 5,
  name: 'archive ends',
  usableFrom: 1,
  statements: ({ integer, table }) => [
    table(
      'archive_ends',
      `action_id text not null,
       chunk ${integer} not null,
       first ${integer} not null,
       jobs ${integer} not null,
       job_end text not null,
       by_action_id text not null,
       at_ms ${integer} not null,
       primary key (action_id, chunk, first)`,
    ),
    'create index archive_ends_by on archive_ends (by_action_id)',
    // What is counted often stands behind the body in its row: with this the bodies, which are most of the store, stay unread.
    `create index archive_chunks_counts on archive_chunks
       (action_id, number, removed_count, archived_at_ms, place_kind, place_name, place_queue)`,
  ],
};
