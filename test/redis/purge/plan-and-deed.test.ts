import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClassFound } from '../../../src/core/actions/purge-found.ts';
import { isSelected } from '../../../src/core/actions/purge-selector.ts';
import { playIncident } from '../../../src/sandbox/fleet/stories/incident.ts';
import { anyPayload, CUT_OFF_MS, className } from '../../core/actions/purge-payloads.ts';
import { fleetRedisOver } from '../../sandbox/fleet/fleet-redis.ts';
import { reading } from '../reading.ts';
import { BAD, type PurgeStage, setPurgeStage } from './stage.ts';

function find(stage: PurgeStage, jobClass: string, cutOffMs?: number): Promise<ClassFound> {
  const search = { jobClass, queues: [], budgetMs: 20_000 };
  return reading(stage.server.url, '', (reader) =>
    reader.findClass(cutOffMs === undefined ? search : { ...search, cutOffMs }),
  );
}

function total({ places }: ClassFound): number {
  return places.reduce((sum, { count }) => sum + count, 0);
}

test('in the incident the plan finds the disaster everywhere, and the deed takes exactly that', async () => {
  await using stage = await setPurgeStage();
  const fleet = await playIncident(fleetRedisOver(stage.redis), Date.now(), { backlog: 3000 });
  expect(fleet.crashes).toBeGreaterThan(10);
  const found = await find(stage, BAD);
  expect(found.exactness.isExact).toBe(true);
  expect(found.running).toEqual({ threads: 25, processes: 5 });
  const places = new Map(found.places.map(({ name, count }) => [name, count]));
  expect(places.get('queue maintenance')).toBeGreaterThan(10);
  const inPrivateLists =
    (places.get('private lists of dead workers') ?? 0) +
    (places.get('private lists of workers that may live') ?? 0);
  expect(inPrivateLists).toBe(25);
  const innocents = await find(stage, 'EmployeeSyncJob');
  expect(total(innocents)).toBeGreaterThan(100);

  const { cutOffMs } = found;
  const end = await stage.purge({ selection: { jobClass: BAD, queues: [], cutOffMs } });

  expect(end).toMatchObject({ type: 'clean', archived: total(found), taken: 0 });
  expect((await find(stage, BAD, cutOffMs)).places).toEqual([]);
  expect((await find(stage, 'EmployeeSyncJob', innocents.cutOffMs)).places).toEqual(innocents.places);
});

test('whatever lies in Redis, the number that the plan shows is the number that the deed takes', async () => {
  const payloads = fc.array(anyPayload, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(className, payloads, payloads, payloads, async (jobClass, queued, retried, stranded) => {
      await using stage = await setPurgeStage();
      const { redis } = stage;
      await redis.sadd('queues', 'default');
      if (queued.length > 0) await redis.lpush('queue:default', ...queued);
      if (stranded.length > 0) await redis.lpush('queue:sq|gone:1:0123456789ab|default', ...stranded);
      for (const [index, raw] of retried.entries()) await redis.zadd('retry', String(2e9 + index), raw);
      const selection = { jobClass, queues: [], cutOffMs: CUT_OFF_MS };
      const inQueue = { kind: 'queue', queue: 'default' } as const;
      const members = await redis.zrangeBuffer('retry', '0', '-1');
      const meant = [...queued, ...stranded, ...members].filter((raw) =>
        isSelected(raw, selection, inQueue),
      ).length;

      const found = await find(stage, jobClass, CUT_OFF_MS);
      const { archived } = await stage.purge({ selection });

      expect([total(found), archived]).toEqual([meant, meant]);
    }),
    { numRuns: 15 },
  );
});
