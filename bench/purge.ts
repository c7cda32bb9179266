import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, type Figure, median } from './benchmark.ts';
import { goFirst } from './go-first.ts';
import type { Measured } from './purge-round.ts';
import { BAD, fill, purgeIn } from './purge-stage.ts';
import { rubyMs } from './ruby.ts';

const SIZES = [100_000, 300_000, 1_000_000];
const FULL_SIZE = 10_000_000;
/** A processor whose twin is busy with somebody else's work halves its speed for seconds, so what counts is the middle. */
const ROUNDS = 3;
/** Its time grows with the square: 100,000 take two minutes. */
const [RUBY_JOBS, FULL_RUBY_JOBS] = [20_000, 100_000];

/**
 * A whole purge of half the jobs, with its durable archive, against merely reading them and against Sidekiq's own API. In
 * full with ten million jobs, and with a hundred thousand for Sidekiq's API.
 */
export const purge: Benchmark = {
  name: 'purge',
  run: async ({ isFull }) => {
    const figures: Figure[] = [];
    let smallest = Number.NaN;
    for (const size of isFull ? [...SIZES, FULL_SIZE] : SIZES) {
      const measured = await measureOften(size, size === FULL_SIZE ? 1 : ROUNDS);
      const usPerJob = (measured.purgeMs * 1000) / size;
      if (size === SIZES[0]) smallest = usPerJob;
      figures.push(...figuresOf(size, measured, usPerJob / smallest));
      console.error(`  ${size} jobs are purged`);
    }
    return [...figures, ...(await againstRuby(isFull ? FULL_RUBY_JOBS : RUBY_JOBS))];
  },
};

function figuresOf(size: number, measured: Middle, growth: number): Figure[] {
  const { readMs, purgeMs, ratio, slow, popMs } = measured;
  return [
    { what: `bare paged LRANGE of ${size} jobs`, value: readMs, unit: 'ms' },
    { what: `purge of half of ${size} jobs, archived`, value: purgeMs, unit: 'ms' },
    {
      what: `  against bare reading`,
      value: purgeMs / readMs,
      unit: 'x',
      ...(size === 1_000_000 ? { atMost: 4 } : {}),
    },
    { what: '  time a job against 100000', value: growth, unit: 'x', atMost: size === FULL_SIZE ? 2 : 1.5 },
    { what: `  archive: its size against the payloads'`, value: 1 / ratio, unit: 'x', atMost: 0.2 },
    {
      what: `  p99.9 of its slowest command in Redis`,
      value: slow.p999Ms,
      unit: 'ms',
      // To find a page in the middle of five million takes Redis longer.
      ...(size === FULL_SIZE ? {} : { atMost: 5 }),
    },
    { what: `  its commands above 5 ms in SLOWLOG`, value: slow.count, unit: 'commands' },
    // In less time there are too few pops for their slowest hundredth to be more than one or two.
    {
      what: `  p99 of a worker's BRPOP meanwhile`,
      value: popMs,
      unit: 'ms',
      ...(size === 1_000_000 ? { atMost: 10 } : {}),
    },
    { what: `  our memory at its most`, value: measured.peakMb, unit: 'MB' },
  ];
}

type Middle = Awaited<ReturnType<typeof measureOften>>;

/** The middle of some rounds; and from one more, what others notice of it. */
async function measureOften(size: number, rounds: number) {
  const all: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure(size));
  const { slow, popMs } = await measureOthers(size);
  return {
    readMs: median(all.flatMap(({ readMs }) => readMs)),
    purgeMs: median(all.map(({ purgeMs }) => purgeMs)),
    ratio: median(all.map(({ ratio }) => ratio)),
    peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
    slow,
    popMs,
  };
}

/**
 * Reading and purging, with nothing beside, in a process of their own as a bot's one purge is: the engine would read twice as
 * fast after ten million jobs.
 */
async function measure(size: number): Promise<Measured> {
  const round = fork(fileURLToPath(new URL('./purge-round.ts', import.meta.url)), [String(size)]);
  const [measured] = await once(round, 'message');
  return measured as Measured;
}

/** What Redis and a worker notice of a purge, with priority over us, as if they had machines of their own. */
async function measureOthers(size: number) {
  await using server = await startRedisServer({ config: ['latency-tracking yes'] });
  const redis = new Redis(server.url);
  await fill(redis, size);
  const worker = fork(fileURLToPath(new URL('./purge-worker.ts', import.meta.url)), [server.url]);
  await once(worker, 'message');
  for (const { pid } of [server, worker]) goFirst(pid);
  await redis.config('SET', 'slowlog-log-slower-than', '5000');
  await redis.config('RESETSTAT');
  await redis.slowlog('RESET');
  worker.send('now');
  await purgeIn(server.url);
  const told = once(worker, 'message');
  worker.send('stop');
  const popMs = Number((await told)[0]);
  const slow = await slowest(redis);
  redis.disconnect();
  return { slow, popMs };
}

/** The loop that everybody types into a console, on the same data, in the Ruby of this machine. */
async function againstRuby(size: number): Promise<Figure[]> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  await fill(redis, size);
  const theirsMs = await rubyMs(
    server.url,
    `Sidekiq::Queue.new('default').each { |job| job.delete if job.klass == '${BAD}' }`,
  );
  await redis.del('queue:default');
  await fill(redis, size);
  const { purgeMs } = await purgeIn(server.url);
  redis.disconnect();
  if (theirsMs === undefined) return [];
  const bar = size >= 100_000 ? { atMost: 0.01 } : {};
  return [
    { what: `Sidekiq's API, half of ${size} jobs`, value: theirsMs, unit: 'ms' },
    { what: `  ours on the same`, value: purgeMs, unit: 'ms' },
    { what: `  ours against Sidekiq's API`, value: purgeMs / theirsMs, unit: 'x', ...bar },
  ];
}

async function slowest(redis: Redis): Promise<{ p999Ms: number; count: number }> {
  const info = await redis.info('latencystats');
  const ours = [
    ...info.matchAll(
      /latency_percentiles_usec_(?:evalsha|lrange|lrem|zrange|smembers|scan):.*p99\.9=([\d.]+)/g,
    ),
  ];
  const entries = (await redis.slowlog('GET', 1000)) as unknown[][];
  const count = entries.filter((entry) => entry[5] === 'poison-control').length;
  return { p999Ms: Math.max(0, ...ours.map(([, us]) => Number(us))) / 1000, count };
}
