import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyChain } from '../../src/core/audit/verify.ts';
import { openOver, openStore } from '../../src/store/open.ts';
import { sqliteBackend } from '../../src/store/sqlite/backend.ts';
import { openFile, sqliteDialect } from '../../src/store/sqlite/connection.ts';
import { proposed } from '../core/approval/cast.ts';
import { entryNumber } from '../core/audit/chain.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-sqlite-'));
  path = join(folder, 'store.sqlite');
});

afterEach(() => rm(folder, { recursive: true }));

const open1 = () => openStore(`sqlite:${path}`);

/** As somebody with a shell would. */
function byHand(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Another process that works on the store until it is killed; resolves when it has said that it began. */
async function startChild(script: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), `sqlite:${path}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await eventually(() => said.includes('\n'));
  const exited = once(child, 'exit');
  return {
    lastSaid: () => Number(said.trimEnd().split('\n').at(-1)),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function eventually(claim: () => boolean, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!claim()) {
    if (Date.now() > end) throw new Error(`never came true: ${claim}`);
    await pause(2);
  }
}

test('a file is owned by one bot: a second one is told so, in the same process or another', async () => {
  {
    await using _store = await open1();
    await expect(open1()).rejects.toMatchObject({ code: 'owned', message: expect.stringContaining(path) });
  }
  const child = await startChild('writing-child.ts');
  await expect(open1()).rejects.toMatchObject({ code: 'owned' });
  await child.kill();
  await using _again = await open1();
});

test('killed with -9 in the middle of transactions, the store is whole, holds all that was committed, and opens at once', async () => {
  let expected = 0;
  for (let round = 1; round <= 8; round += 1) {
    const child = await startChild('writing-child.ts');
    const enough = child.lastSaid() + Math.floor(Math.random() * 30);
    await eventually(() => child.lastSaid() >= enough);
    await child.kill();
    const acknowledged = child.lastSaid();
    await using store = await open1();
    const verdict = await verifyChain(store.auditLines());
    if (verdict.type === 'broken') throw new Error(verdict.sentence);
    const proposal = await store.proposal('p1');
    // One record was written with each version, in the same transaction.
    expect(proposal?.version).toBe(verdict.head.count);
    expect(verdict.head.count).toBeGreaterThanOrEqual(Math.max(acknowledged, expected));
    expected = verdict.head.count;
  }
});

test('on a full disk the transaction leaves nothing, says why, and the store goes on when there is room', async () => {
  const database = openFile(path, false);
  const backend = { ...sqliteBackend(path, false), dialect: sqliteDialect(database, path) };
  await using store = await openOver(backend, {});
  await store.transact((tx) => tx.append([entryNumber(1)]));
  database.exec('pragma max_page_count = 24');
  const long = { ...entryNumber(2), why: 'x'.repeat(200_000) };
  const failing = store.transact(async (tx) => {
    await tx.addProposal(proposed());
    await tx.append([long]);
  });
  await expect(failing).rejects.toMatchObject({
    code: 'full',
    message: expect.stringContaining('Nothing was written'),
  });
  expect(await store.proposal('p1')).toBeUndefined();
  expect((await store.auditHead()).count).toBe(1);
  database.exec('pragma max_page_count = 1000000');
  await store.transact((tx) => tx.append([long]));
  expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound', head: { count: 2 } });
});

test('a file that may only be read is refused with the reason, and nothing is written', async () => {
  {
    await using store = await open1();
    await store.transact((tx) => tx.append([entryNumber(1)]));
  }
  // Root may write whatever the permissions say, so it is the connection that may not.
  const ownBackend = sqliteBackend(path, false);
  const backend = { ...ownBackend, dialect: sqliteDialect(openFile(path, true), path) };
  await using store = await openOver(backend, {});
  await expect(store.transact((tx) => tx.append([entryNumber(2)]))).rejects.toMatchObject({
    code: 'read_only',
  });
  expect((await store.auditHead()).count).toBe(1);
});

test('while another program holds the file, a write fails as locked and leaves nothing', async () => {
  await using store = await open1();
  const other = new DatabaseSync(path);
  other.exec('begin immediate');
  let hasBegun = false;
  const failing = store.transact(async (tx) => {
    hasBegun = true;
    await tx.append([entryNumber(1)]);
  });
  await expect(failing).rejects.toMatchObject({ code: 'locked' });
  expect(hasBegun).toBe(false);
  other.close();
  expect((await store.auditHead()).count).toBe(0);
  await store.transact((tx) => tx.append([entryNumber(1)]));
});

test('what is no SQLite file, or a damaged one, is said and left as it is', async () => {
  await writeFile(path, 'this is a shopping list\n'.repeat(100));
  await expect(open1()).rejects.toMatchObject({ code: 'corrupt' });
  expect((await stat(path)).size).toBe(2400);
  await rm(path);
  {
    await using store = await open1();
    await store.transact((tx) => tx.append(Array.from({ length: 300 }, (_, index) => entryNumber(index))));
  }
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
  await file.close();
  await using store = await open1().catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'corrupt' });
    return { async [Symbol.asyncDispose]() {}, auditHead: () => Promise.reject(error) };
  });
  await expect(store.auditHead()).rejects.toMatchObject({ code: 'corrupt' });
});

test('a folder that cannot be made or a path that is a folder is said', async () => {
  await mkdir(path);
  await expect(open1()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(openStore('sqlite:/dev/null/nowhere/store.sqlite')).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a store of a newer version is refused and left as it is', async () => {
  {
    await using _store = await open1();
  }
  byHand("insert into poison_control_migrations values (999, 'from the future')");
  await expect(open1()).rejects.toMatchObject({
    code: 'schema_newer',
    message: expect.stringContaining('999'),
  });
  await expect(openStore(`sqlite:${path}`, { isReadOnly: true })).rejects.toMatchObject({
    code: 'schema_newer',
  });
});

test('a tool that looks for a store that is not there makes none', async () => {
  await expect(openStore(`sqlite:${path}`, { isReadOnly: true })).rejects.toMatchObject({ code: 'missing' });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  new DatabaseSync(path).close();
  await expect(openStore(`sqlite:${path}`, { isReadOnly: true })).rejects.toMatchObject({ code: 'missing' });
});

test('a proposal that was changed by hand is not acted upon, and a changed last record stops all deeds', async () => {
  {
    await using store = await open1();
    await store.transact(async (tx) => {
      await tx.addProposal(proposed());
      await tx.append([entryNumber(1)]);
    });
  }
  byHand(`update proposals set body = replace(body, '"required":1', '"required": 1')`);
  byHand("update audit_records set line = replace(line, 'vote', 'note ')");
  await using store = await open1();
  await expect(store.proposal('p1')).rejects.toMatchObject({ code: 'corrupt' });
  expect(await store.proposals({ limit: 1 })).toEqual([]);
  expect(await store.unreadableProposals(1)).toEqual(['p1']);
  const deed = store.transact((tx) => tx.append([entryNumber(2)]));
  await expect(deed).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('Record 1') });
  expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'broken', number: 1 });
});

test('nobody but its owner may read what will hold the arguments of jobs', async () => {
  await using store = await open1();
  await store.transact((tx) => tx.append([entryNumber(1)]));
  for (const name of [path, `${path}-wal`, `${path}-shm`]) {
    expect((await stat(name)).mode & 0o077, name).toBe(0);
  }
});
