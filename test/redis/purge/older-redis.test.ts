import { expect, test } from 'vitest';
import { type Copy, copyOf, putBack } from '../older-copy.ts';
import { job } from '../reading.ts';
import { BAD, type PurgeStage, setPurgeStage } from './stage.ts';

/** A Redis that comes back as it was before: of its file a second old, or as a replica that was behind. */

const half = (count: number) =>
  Array.from({ length: count }, (_, index) => job(index % 2 === 0 ? BAD : 'FineJob'));

async function fillQueue({ redis }: PurgeStage, count: number): Promise<void> {
  await redis.sadd('queues', 'default');
  for (let left = count; left > 0; left -= 1000) await redis.lpush('queue:default', ...half(1000));
}

const fillSet = ({ redis }: PurgeStage, count: number) =>
  redis.zadd('retry', ...half(count).flatMap((payload) => [1, payload]));

/** Counts commits; what is done at one happens before the jobs of that step leave. */
function at(stage: PurgeStage, deeds: Readonly<Record<number, () => Promise<unknown>>>, stopAt = Infinity) {
  let commits = 0;
  return {
    commit: async (_: unknown, write: Parameters<PurgeStage['store']['transact']>[0]) => {
      await stage.store.transact(write);
      commits += 1;
      await deeds[commits]?.();
      return commits >= stopAt ? ('stop' as const) : ('go on' as const);
    },
  };
}

/** So many jobs were archived more often than once: they were back in Redis. */
async function twice(stage: PurgeStage): Promise<number> {
  const all = (await stage.archived()).map(({ payload }) => String(payload));
  return all.length - new Set(all).size;
}

const told = (count: number) => [
  expect.stringContaining(`${count.toLocaleString('en-US')} jobs that had left may be in it again`),
];

test.each([
  ['a sorted set', (stage: PurgeStage) => fillSet(stage, 5000)],
  ['a parked queue', (stage: PurgeStage) => fillQueue(stage, 60_000)],
])('in the middle of %s: how many jobs count twice is told, and all of the class leaves', async (_, put) => {
  await using stage = await setPurgeStage();
  await put(stage);
  let copy: Copy = new Map();
  const end = await stage.purge(
    {},
    at(stage, {
      3: async () => {
        copy = await copyOf(stage.redis);
      },
      5: () => putBack(stage.redis, copy),
    }),
  );
  const again = await twice(stage);
  expect(again).toBeGreaterThan(0);
  expect(end).toMatchObject({ type: 'clean', losses: told(again) });
  // It is told once.
  expect(await stage.purge()).toMatchObject({ type: 'clean', losses: [] });
});

test('twice in one purge: both are told', async () => {
  await using stage = await setPurgeStage();
  await fillSet(stage, 9000);
  let copy: Copy = new Map();
  const end = await stage.purge(
    {},
    at(stage, {
      2: async () => {
        copy = await copyOf(stage.redis);
      },
      4: () => putBack(stage.redis, copy),
      8: () => putBack(stage.redis, copy),
    }),
  );
  expect(end).toMatchObject({ type: 'clean', losses: [expect.any(String), expect.any(String)] });
});

test('between two turns, with its note of before, without any, and with half a step', async () => {
  await using stage = await setPurgeStage();
  const before = await copyOf(stage.redis);
  await fillSet(stage, 5000);
  const full = await copyOf(stage.redis);
  expect(before.size).toBe(0);
  await stage.purge({}, at(stage, {}, 3));
  const stopped = await copyOf(stage.redis);
  const first = (await stage.archived()).length;
  await stage.purge();
  const rest = (await stage.archived()).length - first;
  await putBack(stage.redis, stopped);
  expect(await stage.purge()).toMatchObject({ type: 'clean', losses: told(rest) });
  expect(await twice(stage)).toBe(rest);
  await putBack(stage.redis, full);
  expect((await stage.purge()).losses).toEqual(told(first + 2 * rest));
});

test('when half a step is forgotten, the other half counts once', async () => {
  await using stage = await setPurgeStage();
  await fillSet(stage, 200);
  await stage.purge();
  const note = 'poison-control:purge:p1:left';
  const ofLastStep = await stage.redis.strlen(note);
  await stage.redis.set(note, '1'.repeat(ofLastStep - 30));
  expect((await stage.purge()).losses).toEqual(told(30));
  expect((await stage.purge()).losses).toEqual([]);
});

test('a queue that is parked afterwards does not go on as if nothing had happened', async () => {
  await using stage = await setPurgeStage();
  await fillSet(stage, 5000);
  await fillQueue(stage, 3000);
  let copy: Copy = new Map();
  let commits = 0;
  const isParked = async () => (await stage.redis.exists('queue:default~parked-by-poison-control')) === 1;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 2) copy = await copyOf(stage.redis);
        if (copy.size > 0 && (await isParked())) {
          await putBack(stage.redis, copy, (key) => !key.includes('queue'));
          copy = new Map();
        }
        return 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'clean', losses: told(await twice(stage)) });
});
