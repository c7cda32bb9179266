import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresServer } from '../postgres-server.ts';

/** Both kinds of store, each with a new database whenever one is asked for. */
export type Databases = AsyncDisposable & {
  readonly createUrl: (name: DatabaseName) => Promise<string>;
};

export const DATABASE_NAMES = ['SQLite', 'PostgreSQL'] as const;
export type DatabaseName = (typeof DATABASE_NAMES)[number];

export async function startDatabases(): Promise<Databases> {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-store-'));
  const postgres = await startPostgresServer();
  return {
    createUrl: async (name) =>
      name === 'SQLite' ? `sqlite:${join(folder, randomUUID(), 'store.sqlite')}` : postgres.createDatabase(),
    [Symbol.asyncDispose]: async () => {
      await postgres[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
