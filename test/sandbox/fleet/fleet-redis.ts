import { Redis } from 'ioredis';
import type { FleetRedis } from '../../../src/sandbox/fleet/redis-call.ts';

/** The fleet's narrow view of a Redis, over the client that the tests look with. */
export function fleetRedisOver(redis: Redis): FleetRedis {
  return {
    call: (command, ...args) => redis.call(command, ...args),
    pipeline: async (calls) => {
      const pipeline = redis.pipeline();
      for (const [command, ...args] of calls) pipeline.call(command, ...args);
      const replies = (await pipeline.exec()) ?? [];
      return replies.map(([error, reply]) => error ?? reply);
    },
  };
}

/** A client that ends with its block. */
export function connect(url: string): Redis & AsyncDisposable {
  const redis = new Redis(url);
  return Object.assign(redis, { [Symbol.asyncDispose]: async () => redis.disconnect() });
}

/** Every job in any list of this Redis, by the list it is in. */
export async function jobsInLists(redis: Redis): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const key of (await redis.keys('*')).toSorted()) {
    if ((await redis.type(key)) === 'list') found.set(key, await redis.lrange(key, 0, -1));
  }
  return found;
}
