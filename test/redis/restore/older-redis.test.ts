import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Copy, copyOf, putBack } from '../older-copy.ts';
import {
  archiveJobs,
  counts,
  DEFAULT,
  queued,
  type RestoreStage,
  setRestoreStage,
  someJob,
} from './stage.ts';

/** A Redis that comes back as it was before has forgotten jobs that were put back. */

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-older-'));
});
afterAll(() => rm(folder, { recursive: true }));

const setStage = (name: string) => setRestoreStage(`sqlite:${join(folder, `${name}.sqlite`)}`);
const some = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ payload: someJob(`job ${index}`), score: 4e9 + index }));
const told = (count: number) => [
  expect.stringContaining(`${count} jobs that had been put back may be gone from it`),
];

/** What is done at a commit happens before the jobs of that claim are pushed. */
function at({ store }: RestoreStage, deeds: Readonly<Record<number, () => Promise<unknown>>>) {
  let commits = 0;
  return {
    commit: async (_: unknown, write: Parameters<RestoreStage['store']['transact']>[0]) => {
      await store.transact(write);
      commits += 1;
      await deeds[commits]?.();
      return 'go on' as const;
    },
  };
}

test.each([{ kind: 'queue', queue: 'default' }, { kind: 'retry_set' }] as const)(
  'in the middle of $kind: how many may be gone is told, and none goes back twice',
  async (place) => {
    await using stage = await setStage(place.kind);
    await archiveJobs(stage.store, place, some(400));
    let copy: Copy = new Map();
    const end = await stage.restore(
      {},
      at(stage, {
        3: async () => {
          copy = await copyOf(stage.redis);
        },
        6: () => putBack(stage.redis, copy),
      }),
    );
    const inRedis =
      place.kind === 'queue'
        ? await stage.redis.lrangeBuffer('queue:default', 0, -1)
        : await stage.redis.zrangeBuffer('retry', '0', '-1');
    const there = new Set(inRedis.map((payload) => payload.toString('latin1')));
    expect(there.size).toBe(inRedis.length);
    expect(inRedis.length).toBeLessThan(400);
    expect(end).toMatchObject({
      type: 'done',
      restored: 400,
      uncertain: 0,
      losses: told(400 - inRedis.length),
    });
    // It is told once.
    expect((await stage.restore()).losses).toEqual([]);
  },
);

test('between two turns, of its note of before and of none', async () => {
  await using stage = await setStage('turns');
  await archiveJobs(stage.store, DEFAULT, some(100));
  await stage.restore({ count: 60 });
  const copy = await copyOf(stage.redis);
  await stage.restore({ count: 90 });
  await putBack(stage.redis, copy);
  expect(await stage.restore({ count: 95 })).toMatchObject({ restored: 95, losses: told(30) });
  expect(await queued(stage.redis)).toHaveLength(65);
  await stage.redis.flushall();
  const killed = stage.restore(
    { count: 95 },
    {
      pause: async () => {
        throw new Error('killed');
      },
    },
  );
  await expect(killed).rejects.toThrow('killed');
  expect(await stage.restore({ count: 95 })).toMatchObject({ restored: 95, losses: told(95) });
  expect(await counts(stage.store)).toMatchObject({ restored: 95 });
});

test('a note from before jobs were counted in all tells of no loss', async () => {
  await using stage = await setStage('upgrade');
  await archiveJobs(stage.store, DEFAULT, some(100));
  await stage.restore({ count: 60 });
  await stage.redis.hdel('poison-control:restore:r1', 'back');
  expect(await stage.restore({ count: 90 })).toMatchObject({ restored: 90, losses: [] });
});
