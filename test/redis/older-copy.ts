import type { Redis } from 'ioredis';

/** All keys of a Redis as they were. */
export type Copy = ReadonlyMap<string, Buffer>;

export async function copyOf(redis: Redis): Promise<Copy> {
  const keys = await redis.keys('*');
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return new Map(keys.map((key, index) => [key, dumps[index] ?? Buffer.alloc(0)]));
}

/** As if it came back from there; only some of it, where a test is about one guard among several. */
export async function putBack(redis: Redis, copy: Copy, isMeant = (_: string) => true): Promise<void> {
  for (const key of (await redis.keys('*')).filter(isMeant)) await redis.del(key);
  for (const [key, dump] of copy) if (isMeant(key)) await redis.restore(key, 0, dump);
}
