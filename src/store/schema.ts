import { MIGRATIONS } from './migrations/index.ts';
import type { Database } from './tables.ts';

/** The schema that this program knows. */
export const NEWEST = MIGRATIONS.length;

/** As a store has it. */
export type Schema = {
  readonly number: number;
  /** The oldest that may use it, by each migration that this program does not know; undefined: it does not say. */
  readonly usableFrom: readonly (number | undefined)[];
};

/** Undefined where there is no store yet. */
export async function readSchema(database: Database): Promise<Schema | undefined> {
  const tables = new Set((await database.introspection.getTables()).map(({ name }) => name));
  if (!tables.has('poison_control_migrations')) return undefined;
  const found = await database
    .selectFrom('poison_control_migrations')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst();
  const unknown = await database
    .selectFrom('poison_control_migrations')
    .select('number')
    .where('number', '>', NEWEST)
    .execute();
  const said = tables.has('poison_control_usable_from')
    ? await database.selectFrom('poison_control_usable_from').selectAll().execute()
    : [];
  const byNumber = new Map(said.map(({ number, usable_from }) => [number, usable_from]));
  return {
    number: found?.number ?? 0,
    usableFrom: unknown.map(({ number }) => byNumber.get(number)),
  };
}

/** Whether this program may use it as it is, or once it is brought up to date: nothing newer than it knows forbids that. */
export function isUsable({ usableFrom }: Schema): boolean {
  return usableFrom.every((oldest) => oldest !== undefined && oldest <= NEWEST);
}
