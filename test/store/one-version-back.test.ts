import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import type { SchemaWords } from '../../src/store/migrations/migration.ts';

/**
 * While bots are replaced one after another, those of the version before read and write the tables that the new one has made.
 * So a migration that says they may (`usableFrom`) only adds what they need not know of: tables, indexes, columns that may be left
 * out when a row is written.
 */

const WORDS: SchemaWords = {
  integer: 'bigint',
  bytes: 'bytea',
  table: (name, columns) => `create table ${name} (${columns})`,
};

const ADDITIONS = [
  /^create table \w+ \(/,
  // A unique one could refuse what the version before writes, unless its table is as new as itself.
  /^create index \w+ on \w+/,
  /^alter table \w+ add column \w+ \w+( default [^,]+)?$/,
];

const UNIQUE = /^create unique index \w+ on (\w+)/;

function isAddition(statement: string, tables: readonly string[]): boolean {
  const [, table] = UNIQUE.exec(statement) ?? [];
  return table === undefined ? ADDITIONS.some((shape) => shape.test(statement)) : tables.includes(table);
}

test.each(MIGRATIONS.filter(({ number, usableFrom }) => usableFrom < number))(
  '$number, $name: programs since schema $usableFrom go on working on its tables',
  ({ statements }) => {
    const all = statements(WORDS).map((statement) => statement.trim().replace(/\s+/g, ' '));
    const tables = all.flatMap((statement) => /^create table (\w+)/.exec(statement)?.[1] ?? []);
    expect(all.filter((statement) => !isAddition(statement, tables))).toEqual([]);
  },
);

test('none of them says that it can be used by itself alone, or by what came after it', () => {
  expect(MIGRATIONS.map(({ number, usableFrom }) => usableFrom <= Math.max(1, number - 1))).toEqual(
    MIGRATIONS.map(() => true),
  );
});

test.each([
  'drop table proposals',
  'alter table proposals drop column subject',
  'alter table proposals rename column body to text',
  'alter table proposals add column owner text not null',
  'create unique index proposals_owner on proposals (owner)',
  'delete from leases',
])('%s would not do', (statement) => {
  expect(isAddition(statement, [])).toBe(false);
});
