import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import type { Migration } from '../../src/store/migrations/migration.ts';

/**
 * Makes whichever program loads it first (`node --import run-with-next-migration.ts?usableFrom=N`) the one after this: it knows a migration more,
 * which lets programs of schema N and later go on.
 */
const usableFrom = Number(new URL(import.meta.url).searchParams.get('usableFrom'));
(MIGRATIONS as Migration[]).push({
  number: MIGRATIONS.length + 1,
  name: 'of the next version',
  usableFrom,
  statements: ({ integer, table }) => [
    table('next_version', `number ${integer} not null primary key`),
    'alter table proposals add column ticket text',
    'create index proposals_ticket on proposals (ticket)',
  ],
});
