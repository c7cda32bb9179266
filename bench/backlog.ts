import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, compare } from './benchmark.ts';
import { clock, fillQueue, readBare, watchSlowLog } from './stage.ts';

const JOBS = 1_000_000;
const MANY_JOBS = 5_000_000;
const ROUNDS = 3;
const BUDGET_MS = 120_000;

/** Counting a million jobs by class, against merely reading them; and what the bot's memory does on five million. */
export const backlog: Benchmark = {
  name: 'backlog',
  run: async () => {
    await using server = await startRedisServer();
    const redis = new Redis(server.url);
    await redis.sadd('queues', 'default');
    await fillQueue(redis, 'queue:default', JOBS);
    const slowCommands = await watchSlowLog(redis);
    const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
    const { oneMs, otherMs } = await compare(
      ROUNDS,
      async () => {
        const { isExact, readCount } = await reader.countBacklog({ budgetMs: BUDGET_MS });
        if (!isExact || readCount !== JOBS) throw new Error(`counted ${readCount} of ${JOBS}`);
      },
      () => readBare(redis),
    );
    await reader.close();
    await fillQueue(redis, 'queue:default', MANY_JOBS - JOBS);
    const reading = await readElsewhere(server.url);
    const slow = await slowCommands();
    redis.disconnect();
    return [
      { what: `count of ${JOBS} jobs by class`, value: oneMs, unit: 'ms' },
      { what: 'bare paged LRANGE of the same list', value: otherMs, unit: 'ms' },
      { what: 'count against bare reading', value: oneMs / otherMs, unit: 'x', atMost: 1.5 },
      { what: `count of ${MANY_JOBS} jobs by class`, value: reading.tookMs, unit: 'ms' },
      {
        what: `largest memory (RSS) of a process that counts ${MANY_JOBS}`,
        value: reading.maxRssMb,
        unit: 'MB',
        atMost: 250,
      },
      ...slow,
    ];
  },
};

/** In a process of its own, whose memory is not ours. */
async function readElsewhere(url: string): Promise<{ tookMs: number; maxRssMb: number }> {
  const child = fork(fileURLToPath(new URL('./backlog-child.ts', import.meta.url)), [url]);
  const [message] = await once(child, 'message');
  await once(child, 'exit');
  return message;
}
