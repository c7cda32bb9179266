import { Redis } from 'ioredis';
import type { Backlog } from '../../src/core/sidekiq/backlog.ts';
import type { Snapshot } from '../../src/core/sidekiq/snapshot.ts';
import type { Clock } from '../../src/ports/host.ts';
import { openReader } from '../../src/redis/reader.ts';
import { type RedisServer, startRedisServer } from '../redis-server.ts';

export const clock: Clock = { nowMs: () => Date.now(), steadyMs: () => Date.now(), wait: async () => {} };

/** A private Redis with an all-mighty client to seed it and a reader to test. */
export type Stage = AsyncDisposable & {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly snapshot: (namespace?: string) => Promise<Snapshot>;
  readonly countBacklog: (queue?: string) => Promise<Backlog>;
};

export async function setStage(config: readonly string[] = []): Promise<Stage> {
  const server = await startRedisServer({ config });
  const redis = new Redis(server.url, { enableReadyCheck: false });
  return {
    server,
    redis,
    snapshot: (namespace = '') => reading(server.url, namespace, (reader) => reader.snapshot()),
    countBacklog: (queue) =>
      reading(server.url, '', (reader) =>
        reader.countBacklog({ budgetMs: 20_000, ...(queue === undefined ? {} : { queue }) }),
      ),
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await server.stop();
    },
  };
}

/** Opens a fresh reader for one question. */
export async function reading<T>(
  url: string,
  namespace: string,
  question: (reader: ReturnType<typeof openReader>) => Promise<T>,
): Promise<T> {
  const reader = openReader({ sidekiq: 'payroll', url, namespace, clock });
  try {
    return await question(reader);
  } finally {
    await reader.close();
  }
}

let jobs = 0;

/** A job's payload as Sidekiq 7 writes it. */
export function job(jobClass: string, fields: Record<string, unknown> = {}): string {
  jobs += 1;
  return JSON.stringify({
    retry: true,
    queue: 'default',
    class: jobClass,
    args: [jobs],
    jid: jobs.toString(16).padStart(24, '0'),
    created_at: 1_795_454_560.77,
    enqueued_at: 1_795_454_560.771,
    ...fields,
  });
}
