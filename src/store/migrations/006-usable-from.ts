import type { Migration } from './migration.ts';

/**
 * Which older programs may use the tables that a migration left, for those who don't know that migration. A table of its own: the
 * versions that know nothing of it go on writing what they did.
 */
export const usableFrom: Migration = {
  number: 6,
  name: 'usable from',
  usableFrom: 1,
  statements: ({ integer, table }) => [
    table(
      'poison_control_usable_from',
      `number ${integer} not null primary key, usable_from ${integer} not null`,
    ),
  ],
};
