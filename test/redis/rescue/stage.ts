import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type {
  RescueEnd,
  RescueOrder,
  RescueProgress,
  RescueSteps,
  TakeBackOrder,
} from '../../../src/ports/acting.ts';
import type { ArchivedJob } from '../../../src/ports/archive.ts';
import type { Clock } from '../../../src/ports/host.ts';
import type { Store } from '../../../src/ports/store.ts';
import { openRescuer } from '../../../src/redis/rescue/rescuer.ts';
import { openStore } from '../../../src/store/open.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';

/** A private Redis, a store, and a rescue between them; time passes where the rescue waits. */
export type RescueStage = AsyncDisposable & {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly store: Store;
  readonly rescue: (order: Partial<RescueOrder>, steps?: Partial<RescueSteps>) => Promise<RescueEnd>;
  readonly takeBack: (order: TakeBackOrder) => Promise<RescueEnd>;
  readonly archived: () => Promise<readonly ArchivedJob[]>;
  readonly progress: RescueProgress[];
  /** What the rescue has waited for so far. */
  readonly waitedMs: () => number;
};

export async function setRescueStage(config: readonly string[] = []): Promise<RescueStage> {
  const server = await startRedisServer({ config });
  const redis = new Redis(server.url, { enableReadyCheck: false });
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-rescue-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  let waitedMs = 0;
  const clock: Clock = {
    nowMs: () => Date.now() + waitedMs,
    steadyMs: () => Date.now() + waitedMs,
    wait: async () => {},
  };
  const rescuer = openRescuer({ sidekiq: 'payroll', url: server.url, namespace: '', clock, archive: store });
  const progress: RescueProgress[] = [];
  return {
    server,
    redis,
    store,
    progress,
    waitedMs: () => waitedMs,
    rescue: (order, steps = {}) =>
      rescuer.rescue(orderOf(order), {
        commit: async (step, write) => {
          await store.transact(write);
          progress.push(step);
          return 'go on';
        },
        ...steps,
        pause: async (ms) => {
          waitedMs += ms;
          return steps.pause?.(ms) ?? 'go on';
        },
      }),
    takeBack: (order) =>
      rescuer.takeBack(order, {
        commit: async (_, write) => {
          await store.transact(write);
          return 'go on';
        },
        pause: async () => 'go on',
      }),
    archived: () => archivedIn(store),
    [Symbol.asyncDispose]: async () => {
      await rescuer.close();
      redis.disconnect();
      await server.stop();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export function orderOf(order: Partial<RescueOrder> = {}): RescueOrder {
  return { actionId: 'r1', fence: 1, lists: [], keep: [], archive: [], cap: 1_000_000, ...order };
}

export async function archivedIn(store: Store, actionId = 'r1'): Promise<ArchivedJob[]> {
  const jobs = [];
  for await (const job of store.archivedJobs(actionId)) jobs.push(job);
  return jobs;
}
