import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { timed } from './benchmark.ts';
import { median } from './figure.ts';
import { clock, filled, readBare } from './stage.ts';

const READINGS = 3;
const WARM_UP_JOBS = 50_000;
const BUDGET_MS = 240_000;

/** One round in a process of its own: reads so many jobs some times, then counts them by class, and says what it took. */
async function measure(size: number) {
  await using server = await startRedisServer();
  const redis = await filled(server.url, size);
  await readBare(redis);
  const readMs: number[] = [];
  for (let reading = 0; reading < READINGS; reading += 1) readMs.push(await timed(() => readBare(redis)));
  const countMs = await timed(() => count(server.url, size));
  redis.disconnect();
  return { readMs: median(readMs), countMs };
}

async function count(url: string, size: number): Promise<void> {
  const reader = openReader({ sidekiq: 'bench', url, namespace: '', clock });
  const { isExact, readCount } = await reader.countBacklog({ budgetMs: BUDGET_MS });
  if (!isExact || readCount !== size) throw new Error(`counted ${readCount} of ${size}`);
  await reader.close();
}

export type Measured = Awaited<ReturnType<typeof measure>>;

await measure(WARM_UP_JOBS);
process.send?.(await measure(Number(process.argv[2])));
process.disconnect?.();
