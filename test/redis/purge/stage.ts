import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { PurgeEnd, PurgeOrder, PurgeProgress, Purger, PurgeSteps } from '../../../src/ports/acting.ts';
import type { ArchivedJob, ArchiveWriter } from '../../../src/ports/archive.ts';
import type { Store } from '../../../src/ports/store.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { openStore } from '../../../src/store/open.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';
import { clock } from '../reading.ts';

export const BAD = 'Recurring::DisasterJob';
/** After all jobs of `reading.ts`. */
export const CUT_OFF_MS = 1_795_454_600_000;

/** A private Redis, a store, and a purge of the bad class between them. */
export type PurgeStage = AsyncDisposable & {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly store: Store;
  readonly purger: Purger;
  readonly purge: (order?: Partial<PurgeOrder>, steps?: Partial<PurgeSteps>) => Promise<PurgeEnd>;
  readonly archived: () => Promise<readonly ArchivedJob[]>;
  readonly progress: PurgeProgress[];
};

export async function setPurgeStage(
  config: readonly string[] = [],
  url?: string,
  searchMs?: number,
): Promise<PurgeStage> {
  const server = await startRedisServer({ config });
  const redis = new Redis(server.url, { enableReadyCheck: false });
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-purge-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  const purger = openPurger({
    sidekiq: 'payroll',
    url: url ?? server.url,
    namespace: '',
    clock,
    archive: store,
    ...(searchMs === undefined ? {} : { searchMs }),
  });
  const progress: PurgeProgress[] = [];
  return {
    server,
    redis,
    store,
    progress,
    purger,
    purge: (order = {}, steps = {}) =>
      purger.purge(orderOf(order), {
        commit: async (step: PurgeProgress, write: (tx: ArchiveWriter) => Promise<void>) => {
          await store.transact(write);
          progress.push(step);
          return 'go on';
        },
        pause: async () => 'go on',
        ...steps,
      }),
    archived: async () => allOf(store),
    [Symbol.asyncDispose]: async () => {
      await purger.close();
      redis.disconnect();
      await server.stop();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export function orderOf(order: Partial<PurgeOrder> = {}): PurgeOrder {
  return {
    actionId: 'p1',
    fence: 1,
    cap: 1_000_000,
    selection: { jobClass: BAD, queues: [], cutOffMs: CUT_OFF_MS },
    ...order,
  };
}

export async function allOf(store: Store): Promise<ArchivedJob[]> {
  const jobs = [];
  for await (const job of store.archivedJobs('p1')) jobs.push(job);
  return jobs;
}
