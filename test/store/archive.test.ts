import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchivedJob, ArchivePlace } from '../../src/ports/archive.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { proposed } from '../core/approval/cast.ts';
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
const PRIVATE: ArchivePlace = { kind: 'private_list', key: 'queue:sq|a:1:ff|low', queue: 'low' };
const ORPHAN: ArchivePlace = { kind: 'private_list', key: 'inproc:?', queue: undefined };

const plain = (...texts: string[]) => texts.map((text) => ({ payload: Buffer.from(text), score: undefined }));

describe.each(DATABASE_NAMES)('on %s', (name) => {
  const openNew = async () => openStore(await databases.createUrl(name));

  test('only jobs that left Redis are in the archive, byte for byte, with place and score', async () => {
    await using store = await openNew();
    const odd = Buffer.from([0xff, 0x00, 0x7b]);
    await add(store, 1, QUEUE, [...plain('a', 'b'), { payload: odd, score: undefined }]);
    await add(store, 2, RETRY, [{ payload: Buffer.from('c'), score: 1_795_454_560.25 }]);
    await add(store, 3, PRIVATE, plain('d'));
    await add(store, 4, ORPHAN, plain('e'));
    expect(await all(store)).toEqual([]);
    await settle(store, 1, [true, false, true]);
    await settle(store, 2, [true]);
    await settle(store, 4, [true]);
    expect(await all(store)).toEqual([
      { chunk: 1, index: 0, place: QUEUE, payload: Buffer.from('a'), score: undefined },
      { chunk: 1, index: 2, place: QUEUE, payload: odd, score: undefined },
      { chunk: 2, index: 0, place: RETRY, payload: Buffer.from('c'), score: 1_795_454_560.25 },
      { chunk: 4, index: 0, place: ORPHAN, payload: Buffer.from('e'), score: undefined },
    ]);
    expect(await store.pendingChunks('p1')).toEqual([{ number: 3, jobCount: 1, place: PRIVATE }]);
    expect((await all(store, 2)).map(({ chunk }) => chunk)).toEqual([4]);
  });

  test('totals tell archived from taken, by place, and leave out what is pending or of another action', async () => {
    await using store = await openNew();
    await add(store, 1, QUEUE, plain('a', 'b', 'c'));
    await add(store, 2, QUEUE, plain('d', 'e'));
    await add(store, 3, PRIVATE, plain('f'));
    await add(store, 4, QUEUE, plain('g'));
    await settle(store, 1, [true, false]);
    await settle(store, 2, [true, true]);
    await settle(store, 3, [false]);
    const totals = (await store.archiveTotals('p1')).map(({ place, archived, taken }) => ({
      place,
      archived,
      taken,
    }));
    expect(totals).toEqual([
      { place: PRIVATE, archived: 0, taken: 1 },
      { place: QUEUE, archived: 3, taken: 1 },
    ]);
    expect((await store.archiveTotals('p1', 2)).map(({ place }) => place)).toEqual([PRIVATE]);
    expect(await store.archiveTotals('p2')).toEqual([]);
    expect(await store.lastChunk('p1')).toBe(4);
    expect(await store.lastChunk('p2')).toBe(0);
  });

  test('a chunk and the progress that it belongs to are written both or not at all', async () => {
    await using store = await openNew();
    const chunk = await store.packChunk(QUEUE, plain('a'));
    const failing = store.transact(async (tx) => {
      await tx.addProposal(proposed());
      await tx.addChunk('p1', 1, chunk);
      throw new RangeError('in the middle');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await store.pendingChunks('p1')).toEqual([]);
    expect(await store.proposal('p1')).toBeUndefined();
  });

  test('a chunk is written once and settled once', async () => {
    await using store = await openNew();
    await add(store, 1, QUEUE, plain('a'));
    await expect(add(store, 1, QUEUE, plain('b'))).rejects.toThrow();
    await expect(settle(store, 1, [true, true])).rejects.toThrow(TypeError);
    await settle(store, 1, [true]);
    await expect(settle(store, 1, [false])).rejects.toThrow(TypeError);
    await expect(settle(store, 2, [])).rejects.toThrow(TypeError);
    expect((await all(store)).map(({ payload }) => String(payload))).toEqual(['a']);
  });

  test('a chunk that nobody tried is in no count, and many chunks are read in order', async () => {
    await using store = await openNew();
    for (let number = 1; number <= 10; number += 1) {
      await add(store, number, QUEUE, plain(`a${number}`, `b${number}`));
      await settle(store, number, number === 5 ? [] : [true]);
    }
    const texts = (await all(store)).map(({ payload }) => String(payload));
    expect(texts).toEqual(['a1', 'a2', 'a3', 'a4', 'a6', 'a7', 'a8', 'a9', 'a10']);
    expect(await store.archiveTotals('p1')).toMatchObject([{ archived: 9, taken: 0 }]);
  });
});

async function add(
  store: Store,
  number: number,
  place: ArchivePlace,
  jobs: ReturnType<typeof plain> | { payload: Buffer; score: number }[],
) {
  const chunk = await store.packChunk(place, jobs);
  await store.transact((tx) => tx.addChunk('p1', number, chunk));
}

const settle = (store: Store, number: number, left: readonly boolean[]) =>
  store.transact((tx) => tx.settleChunk('p1', number, left));

async function all(store: Store, afterChunk?: number): Promise<ArchivedJob[]> {
  const jobs = [];
  for await (const job of store.archivedJobs('p1', afterChunk)) jobs.push(job);
  return jobs;
}
