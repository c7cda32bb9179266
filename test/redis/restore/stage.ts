import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { RestoreEnd, RestoreOrder, RestoreProgress, RestoreSteps } from '../../../src/ports/acting.ts';
import type { ArchivePlace } from '../../../src/ports/archive.ts';
import type { Store } from '../../../src/ports/store.ts';
import { openRestorer } from '../../../src/redis/restore/restorer.ts';
import { openStore } from '../../../src/store/open.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';
import { clock } from '../reading.ts';

export type RestoreStage = AsyncDisposable & {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly store: Store;
  readonly restore: (order?: Partial<RestoreOrder>, steps?: Partial<RestoreSteps>) => Promise<RestoreEnd>;
  readonly progress: RestoreProgress[];
  /** For others that open the same store. */
  readonly closeStore: () => Promise<void>;
};

/** A private Redis, a store at that address, and what restores between them. */
export async function setRestoreStage(storeUrl: string): Promise<RestoreStage> {
  const server = await startRedisServer();
  const redis = new Redis(server.url, { enableReadyCheck: false });
  const store = await openStore(storeUrl);
  const restorer = openRestorer({
    sidekiq: 'payroll',
    url: server.url,
    namespace: '',
    clock,
    archive: store,
  });
  const progress: RestoreProgress[] = [];
  let isOpen = true;
  const closeStore = async () => {
    if (isOpen) await store[Symbol.asyncDispose]();
    isOpen = false;
  };
  return {
    server,
    redis,
    store,
    progress,
    closeStore,
    restore: (order = {}, steps = {}) =>
      restorer.restore(restoreOf(order), { ...stepsOver(store, (step) => progress.push(step)), ...steps }),
    [Symbol.asyncDispose]: async () => {
      await restorer.close();
      redis.disconnect();
      await server.stop();
      await closeStore();
    },
  };
}

export function stepsOver(store: Store, onStep: (progress: RestoreProgress) => void): RestoreSteps {
  return {
    commit: async (step, write) => {
      await store.transact(write);
      onStep(step);
      return 'go on';
    },
    pause: async () => 'go on',
  };
}

export function restoreOf(order: Partial<RestoreOrder> = {}): RestoreOrder {
  return {
    actionId: 'r1',
    fence: 1,
    archiveId: 'p1',
    count: Number.MAX_SAFE_INTEGER,
    lateGapMs: 0,
    ...order,
  };
}

export const DEFAULT: ArchivePlace = { kind: 'queue', queue: 'default' };

/** Bytes of a job, no two alike; also of what is no text. */
export function someJob(label: string, queue = 'default'): Buffer {
  const text = JSON.stringify({
    class: 'Recurring::DisasterJob',
    queue,
    jid: randomBytes(12).toString('hex'),
    args: [label, 'ü"\\'],
  });
  return Buffer.from(text);
}

/** Archives them as the purge `p1` would, each chunk whole; gives the number of the last. */
export async function archiveJobs(
  store: Store,
  place: ArchivePlace,
  jobs: readonly { readonly payload: Buffer; readonly score?: number }[],
  chunkSize = 50,
): Promise<void> {
  let number = await store.lastChunk('p1');
  for (let from = 0; from < jobs.length; from += chunkSize) {
    const some = jobs.slice(from, from + chunkSize).map(({ payload, score }) => ({ payload, score }));
    const chunk = await store.packChunk(place, some);
    number += 1;
    await store.transact(async (tx) => {
      await tx.addChunk('p1', number, chunk);
      await tx.settleChunk('p1', number, new Array<boolean>(some.length).fill(true));
    });
  }
}

/** The oldest first, byte for byte. */
export async function queued(redis: Redis, queue = 'default'): Promise<string[]> {
  return (await redis.lrangeBuffer(`queue:${queue}`, 0, -1)).reverse().map((raw) => raw.toString('latin1'));
}

export async function counts(store: Store) {
  const [archive] = await store.archives();
  const { archived = 0, restored = 0, uncertain = 0, writtenOff = 0 } = archive ?? {};
  return { archived, restored, uncertain, writtenOff };
}
