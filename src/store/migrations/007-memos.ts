import type { Migration } from './migration.ts';

/** What is kept for minutes, for whichever bot a person's next click reaches. */
export const memos: Migration = {
  number: 7,
  name: 'memos',
  usableFrom: 1,
  statements: ({ integer, table }) => [
    table('memos', `id text not null primary key, until_ms ${integer} not null, body text not null`),
    'create index memos_until on memos (until_ms)',
  ],
};
