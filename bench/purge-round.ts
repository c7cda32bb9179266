import { Redis } from 'ioredis';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { timed } from './benchmark.ts';
import { median } from './figure.ts';
import { fill, purgeIn } from './purge-stage.ts';
import { readBare } from './stage.ts';

const READINGS = 3;
const WARM_UP_JOBS = 50_000;

/** One round in a process of its own: reads so many jobs some times, then purges half of them, and says what it took. */
async function measure(size: number) {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  await fill(redis, size);
  await readBare(redis);
  const readMs: number[] = [];
  for (let reading = 0; reading < READINGS; reading += 1) readMs.push(await timed(() => readBare(redis)));
  const purged = await purgeIn(server.url);
  redis.disconnect();
  return { readMs: median(readMs), ...purged };
}

export type Measured = Awaited<ReturnType<typeof measure>>;

await measure(WARM_UP_JOBS);
process.send?.(await measure(Number(process.argv[2])));
process.disconnect?.();
