import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchivePlace, JobRange } from '../../src/ports/archive.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { DATABASE_NAMES, type Databases, startDatabases } from './databases.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(async () => {
  await databases[Symbol.asyncDispose]();
});

const QUEUE: ArchivePlace = { kind: 'queue', queue: 'default' };
const RETRY: ArchivePlace = { kind: 'retry_set' };

/** Seven jobs in a queue, of which a worker took the third; two in the retry set. */
async function archive(store: Store, actionId = 'p1'): Promise<void> {
  const jobs = (texts: string, score?: number) =>
    [...texts].map((text) => ({ payload: Buffer.from(text), score }));
  const chunks = [
    await store.packChunk(QUEUE, jobs('abxcdef')),
    await store.packChunk(RETRY, jobs('gh', 17.5)),
  ];
  await store.transact(async (tx) => {
    for (const [index, chunk] of chunks.entries()) await tx.addChunk(actionId, index + 1, chunk);
    await tx.settleChunk(actionId, 1, [true, true, false, true, true, true, true]);
    await tx.settleChunk(actionId, 2, [true, true]);
  });
}

const range = (chunk: number, first: number, jobs: number): JobRange => {
  return { actionId: 'p1', chunk, first, jobs };
};

async function owed(store: Store) {
  return (await store.owedJobs('p1')).map(({ chunk, first, jobs }) => [chunk, first, jobs]);
}

describe.each(DATABASE_NAMES)('on %s', (name) => {
  const openNew = async () => openStore(await databases.createUrl(name));
  const claim = (store: Store, jobs: JobRange, by = 'r1') => store.transact((tx) => tx.claimJobs(jobs, by));

  test('all that left Redis is owed at first, and a chunk is read without what did not', async () => {
    await using store = await openNew();
    await archive(store);
    expect(await store.owedJobs('p1')).toEqual([
      { ...range(1, 0, 6), place: QUEUE },
      { ...range(2, 0, 2), place: RETRY },
    ]);
    expect((await store.chunkJobs('p1', 1)).jobs.map(({ payload }) => String(payload)).join('')).toBe(
      'abcdef',
    );
    expect((await store.chunkJobs('p1', 2)).jobs[0]?.score).toBe(17.5);
    expect(await store.owedJobs('p2')).toEqual([]);
  });

  test('a job is claimed by one, whoever asks and when', async () => {
    await using store = await openNew();
    await archive(store);
    expect(await claim(store, range(1, 1, 3))).toBe(true);
    for (const again of [range(1, 1, 3), range(1, 0, 2), range(1, 3, 1), range(1, 4, 3), range(3, 0, 1)])
      expect(await claim(store, again, 'r2')).toBe(false);
    expect(await owed(store)).toEqual([
      [1, 0, 1],
      [1, 4, 2],
      [2, 0, 2],
    ]);
    const both = await Promise.all([claim(store, range(2, 0, 2)), claim(store, range(2, 1, 1), 'r2')]);
    expect(both.filter((isMine) => isMine)).toHaveLength(1);
  });

  test('a claim ends as far as it came, and the rest of it is owed again', async () => {
    await using store = await openNew();
    await archive(store);
    await claim(store, range(1, 0, 4));
    await claim(store, range(2, 0, 2));
    await store.transact(async (tx) => {
      await tx.settleClaim(range(1, 0, 4), 3, 'restored');
      await tx.settleClaim(range(2, 0, 2), 0, 'restored');
    });
    expect(await owed(store)).toEqual([
      [1, 3, 3],
      [2, 0, 2],
    ]);
    const again = store.transact((tx) => tx.settleClaim(range(1, 0, 4), 4, 'restored'));
    await expect(again).rejects.toThrow(TypeError);
    expect(await store.endedBy('r1')).toMatchObject([{ ...range(1, 0, 3), end: 'restored' }]);
    expect(await store.endedBy('r2')).toEqual([]);
  });

  test('what is written off leaves what is claimed, and an archive counts what became of its jobs', async () => {
    await using store = await openNew();
    await archive(store);
    await claim(store, range(1, 0, 2));
    await claim(store, range(1, 2, 1));
    await claim(store, range(2, 1, 1));
    await store.transact(async (tx) => {
      await tx.settleClaim(range(1, 0, 2), 2, 'restored');
      await tx.settleClaim(range(1, 2, 1), 1, 'uncertain');
    });
    expect(await store.transact((tx) => tx.writeOffJobs('p1', 'w1'))).toBe(4);
    expect(await owed(store)).toEqual([]);
    const [only] = await store.archives();
    expect(only).toMatchObject({ actionId: 'p1', archived: 8, restored: 2, uncertain: 1, writtenOff: 4 });
    expect(only?.lastAtMs).toBeGreaterThanOrEqual(only?.firstAtMs ?? Number.POSITIVE_INFINITY);
    expect((await store.endedJobs('p1')).map(({ end }) => end).sort()).toEqual([
      'claimed',
      'restored',
      'uncertain',
      'written_off',
      'written_off',
    ]);
  });

  test('a dropped archive is gone with all that was known of it, and no other', async () => {
    await using store = await openNew();
    await archive(store);
    await archive(store, 'p2');
    await claim(store, range(1, 0, 2));
    await store.transact((tx) => tx.dropArchive('p1'));
    expect((await store.archives()).map(({ actionId }) => actionId)).toEqual(['p2']);
    expect(await store.endedJobs('p1')).toEqual([]);
    await expect(store.chunkJobs('p1', 1)).rejects.toMatchObject({ code: 'missing' });
  });
});
