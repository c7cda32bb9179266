import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, compare, type Figure } from './benchmark.ts';
import { rubyMs } from './ruby.ts';
import { clock, fillQueue, readBare, watchSlowLog } from './stage.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const RUBY_SIZE = 100_000;
const MANY_JOBS = 5_000_000;
const FULL_SIZE = 10_000_000;
const ROUNDS = 3;
const BUDGET_MS = 240_000;

/**
 * Counting jobs by class: against merely reading them, against Sidekiq's own API, how it grows, and what memory it takes. Each
 * count is a question after a quiet minute; what reads more than the bot may in a second is held to that (core/load.ts).
 */
export const backlog: Benchmark = {
  name: 'backlog',
  run: async ({ isFull }) => {
    await using server = await startRedisServer();
    const redis = new Redis(server.url);
    await redis.sadd('queues', 'default');
    const slowCommands = await watchSlowLog(redis);
    const figures: Figure[] = [];
    let [filled, smallestUs] = [0, Number.NaN];
    for (const size of SIZES) {
      await fillQueue(redis, 'queue:default', size - filled);
      filled = size;
      const { oneMs, otherMs } = await compare(
        ROUNDS,
        () => countOnce(server.url, size),
        () => readBare(redis),
      );
      const us = (oneMs * 1000) / size;
      if (size === SIZES[0]) smallestUs = us;
      figures.push(
        { what: `count of ${size} jobs by class`, value: oneMs, unit: 'ms' },
        { what: '  bare paged LRANGE of the same list', value: otherMs, unit: 'ms' },
        {
          what: '  count against bare reading',
          value: oneMs / otherMs,
          unit: 'x',
          ...(size === SIZES.at(-1) ? { atMost: 1.5 } : {}),
        },
        { what: `  time a job against ${SIZES[0]}`, value: us / smallestUs, unit: 'x', atMost: 1.5 },
      );
      if (size === RUBY_SIZE) figures.push(...(await againstRuby(server.url, oneMs)));
    }
    const many = isFull ? FULL_SIZE : MANY_JOBS;
    await fillQueue(redis, 'queue:default', many - filled);
    const reading = await readElsewhere(server.url);
    const slow = await slowCommands();
    redis.disconnect();
    return [
      ...figures,
      { what: `count of ${many} jobs by class, held to the bot's budget`, value: reading.tookMs, unit: 'ms' },
      { what: '  memory (RSS) at its most', value: reading.maxRssMb, unit: 'MB', atMost: 250 },
      ...slow,
    ];
  },
};

async function countOnce(url: string, size: number): Promise<void> {
  const reader = openReader({ sidekiq: 'bench', url, namespace: '', clock });
  const { isExact, readCount } = await reader.countBacklog({ budgetMs: BUDGET_MS });
  if (!isExact || readCount !== size) throw new Error(`counted ${readCount} of ${size}`);
  await reader.close();
}

async function againstRuby(url: string, oursMs: number): Promise<Figure[]> {
  const theirsMs = await rubyMs(url, "Sidekiq::Queue.new('default').map(&:klass).tally");
  if (theirsMs === undefined) return [];
  return [
    { what: "  Sidekiq's API: map(&:klass).tally", value: theirsMs, unit: 'ms' },
    { what: "  ours against Sidekiq's API", value: oursMs / theirsMs, unit: 'x' },
  ];
}

/** In a process of its own, whose memory is not ours. */
async function readElsewhere(url: string): Promise<{ tookMs: number; maxRssMb: number }> {
  const child = fork(fileURLToPath(new URL('./backlog-child.ts', import.meta.url)), [url]);
  const [message] = await once(child, 'message');
  await once(child, 'exit');
  return message;
}
