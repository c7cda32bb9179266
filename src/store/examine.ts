import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { StoreFacts } from '../core/doctor/store.ts';
import { StoreError } from '../ports/store.ts';
import type { Backend } from './backend.ts';
import { backendFor, sqlitePathIn } from './open.ts';
import { isUsable, NEWEST, readSchema } from './schema.ts';
import type { Tables } from './tables.ts';

/** Looks whether the bot could keep its store there, beside the running one; changes nothing. @throws {StoreError} */
export async function examineStore(databaseUrl: string): Promise<StoreFacts> {
  const path = sqlitePathIn(databaseUrl);
  return path === undefined
    ? examinePostgres(await backendFor(databaseUrl, false))
    : examineFile(databaseUrl, path);
}

async function examineFile(databaseUrl: string, path: string): Promise<StoreFacts> {
  const exists = await mayUse(path, constants.F_OK);
  const folder = await nearestFolder(dirname(path));
  const { bavail, bsize } = await statfs(folder);
  return {
    kind: 'sqlite',
    schema: exists ? await looking(await backendFor(databaseUrl, true), schemaOf) : undefined,
    knownSchema: NEWEST,
    // SQLite makes files of its own beside it.
    isWritable: (await mayUse(folder, constants.W_OK)) && (!exists || (await mayUse(path, constants.W_OK))),
    freeBytes: bavail * bsize,
    clockAheadMs: undefined,
  };
}

function examinePostgres(backend: Backend): Promise<StoreFacts> {
  return looking(backend, async (database) => {
    const askedAtMs = Date.now();
    const now = await sql<{ now: number }>`select ${backend.nowMs} as now`.execute(database);
    const halfWayMs = (Date.now() - askedAtMs) / 2;
    const schema = await schemaOf(database);
    return {
      kind: 'postgres',
      schema,
      knownSchema: NEWEST,
      isWritable: await mayWrite(database, schema !== undefined),
      freeBytes: undefined,
      clockAheadMs: (now.rows[0]?.now ?? Number.NaN) - askedAtMs - halfWayMs,
    };
  });
}

class Undone extends Error {}

/** Writes, and takes it back. */
async function mayWrite(database: Kysely<Tables>, hasTables: boolean): Promise<boolean> {
  try {
    await database.transaction().execute(async (tx) => {
      if (hasTables) {
        await tx
          .insertInto('leases')
          .values({ name: 'doctor', holder: 'doctor', fence: 1, expires_at_ms: 0 })
          .execute();
      } else await sql`create table poison_control_doctor (number bigint)`.execute(tx);
      throw new Undone();
    });
    return false;
  } catch (error) {
    if (error instanceof Undone) return true;
    if (error instanceof StoreError && error.code !== 'read_only') throw error;
    return false;
  }
}

async function schemaOf(database: Kysely<Tables>): Promise<StoreFacts['schema']> {
  const schema = await readSchema(database);
  return schema === undefined ? undefined : { number: schema.number, isUsable: isUsable(schema) };
}

async function looking<T>(backend: Backend, look: (database: Kysely<Tables>) => Promise<T>): Promise<T> {
  const database = new Kysely<Tables>({ dialect: backend.dialect });
  try {
    return await look(database);
  } finally {
    await database.destroy();
    backend.close();
  }
}

async function mayUse(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** The bot makes the folders that are missing. */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory() === true || at === dirname(at)) return at;
  }
}
