import type { Redis } from 'ioredis';

export type SeededProcess = {
  readonly queues?: readonly string[];
  readonly version?: string;
  readonly isSuper?: boolean;
  readonly isQuiet?: boolean;
  readonly startedAgoMs?: number;
};

/** A living process as Sidekiq 8 describes itself; before 7 when no version is told. */
export async function seedProcess(
  redis: Redis,
  identity: string,
  {
    queues = ['default'],
    version,
    isSuper = false,
    isQuiet = false,
    startedAgoMs = 600_000,
  }: SeededProcess = {},
): Promise<void> {
  const [hostname, pid] = identity.split(':');
  const info = {
    hostname,
    pid: Number(pid),
    identity,
    queues,
    tag: 'payroll',
    labels: isSuper ? ['reliable'] : [],
    started_at: (Date.now() - startedAgoMs) / 1000,
    concurrency: 5,
    ...(version === undefined ? {} : { version }),
  };
  await redis.sadd('processes', identity);
  await redis.hset(identity, {
    info: JSON.stringify(info),
    busy: 0,
    beat: Date.now() / 1000,
    quiet: String(isQuiet),
  });
  await redis.expire(identity, 60);
  if (!isSuper) return;
  await redis.sadd('super_processes', identity);
  await redis.sadd(
    `${identity}:super_queues`,
    queues.map((queue) => `queue:sq|${identity}|${queue}`),
  );
}

/** The owner's heartbeat has expired. */
export async function killProcess(redis: Redis, identity: string): Promise<void> {
  await redis.del(identity, `${identity}:work`);
}

/** A job that a living process runs now. */
export async function seedWork(redis: Redis, identity: string, payload: string): Promise<void> {
  const value = JSON.stringify({ queue: 'default', payload, run_at: Math.floor(Date.now() / 1000) });
  await redis.hset(`${identity}:work`, 'tid1', value);
}
