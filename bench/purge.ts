import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import type { Benchmark } from './benchmark.ts';
import { type Figure, median, ofRounds, ratios } from './figure.ts';
import { goFirst } from './go-first.ts';
import type { Measured } from './purge-round.ts';
import { BAD, fill, purgeIn } from './purge-stage.ts';
import { rubyMs } from './ruby.ts';

const SIZES = [10_000, 100_000, 300_000, 1_000_000];
/** What a job takes is held against what it takes among so many: in ten thousand what a purge takes anyway weighs more. */
const USUAL_SIZE = 100_000;
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
    const measured = new Map<number, readonly Round[]>();
    for (const size of isFull ? [...SIZES, FULL_SIZE] : SIZES) {
      measured.set(size, await measureOften(size, size === FULL_SIZE ? 1 : ROUNDS));
      console.error(`  ${size} jobs are purged`);
    }
    const usualMs = median((measured.get(USUAL_SIZE) ?? []).map(({ purgeMs }) => purgeMs)) / USUAL_SIZE;
    return [
      ...[...measured].flatMap(([size, rounds]) => figuresOf(size, rounds, usualMs)),
      ...(await againstRuby(isFull ? FULL_RUBY_JOBS : RUBY_JOBS)),
    ];
  },
};

function figuresOf(size: number, rounds: readonly Round[], usualMs: number): Figure[] {
  const each = (read: (round: Round) => number) => ofRounds(rounds.map(read));
  return [
    { what: `bare paged LRANGE of ${size} jobs`, ...each(({ readMs }) => readMs), unit: 'ms' },
    { what: `purge of half of ${size} jobs, archived`, ...each(({ purgeMs }) => purgeMs), unit: 'ms' },
    {
      what: `  against bare reading`,
      ...each(({ purgeMs, readMs }) => purgeMs / readMs),
      unit: 'x',
      ...(size === 1_000_000 ? { atMost: 4 } : {}),
    },
    {
      what: `  time a job against ${USUAL_SIZE}`,
      ...each(({ purgeMs }) => purgeMs / size / usualMs),
      unit: 'x',
      ...(size < USUAL_SIZE ? {} : { atMost: size === FULL_SIZE ? 2 : 1.5 }),
    },
    {
      what: `  archive: its size against the payloads'`,
      ...each(({ ratio }) => 1 / ratio),
      unit: 'x',
      atMost: 0.2,
    },
    {
      what: `  p99.9 of its slowest command in Redis`,
      ...each(({ p999Ms }) => p999Ms),
      unit: 'ms',
      // To find a page in the middle of five million takes Redis longer.
      ...(size === FULL_SIZE ? {} : { atMost: 5 }),
    },
    { what: `  its commands above 5 ms in SLOWLOG`, ...each(({ slowCount }) => slowCount), unit: 'commands' },
    // In less time there are too few pops for their slowest hundredth to be more than one or two.
    {
      what: `  p99 of a worker's BRPOP meanwhile`,
      ...each(({ popMs }) => popMs),
      unit: 'ms',
      ...(size === 1_000_000 ? { atMost: 10 } : {}),
    },
    { what: `  our memory at its most`, ...each(({ peakMb }) => peakMb), unit: 'MB' },
  ];
}

/** A purge with nothing beside it; and of another one, what others notice of it. */
type Round = Measured & Awaited<ReturnType<typeof measureOthers>>;

async function measureOften(size: number, rounds: number): Promise<readonly Round[]> {
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1)
    all.push({ ...(await measure(size)), ...(await measureOthers(size)) });
  return all;
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
  return { ...slow, popMs };
}

/** The loop that everybody types into a console, on the same data, in the Ruby of this machine. */
async function againstRuby(size: number): Promise<Figure[]> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  const loop = `Sidekiq::Queue.new('default').each { |job| job.delete if job.klass == '${BAD}' }`;
  const oursMs: number[] = [];
  const theirsMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await refill(redis, size);
    theirsMs.push(...((await rubyMs(server.url, loop)) ?? []));
    await refill(redis, size);
    oursMs.push((await purgeIn(server.url)).purgeMs);
  }
  redis.disconnect();
  if (theirsMs.length === 0) return [];
  const bar = size >= 100_000 ? { atMost: 0.01 } : {};
  return [
    { what: `Sidekiq's API, half of ${size} jobs`, ...ofRounds(theirsMs), unit: 'ms' },
    { what: `  ours on the same`, ...ofRounds(oursMs), unit: 'ms' },
    { what: `  ours against Sidekiq's API`, ...ofRounds(ratios(oursMs, theirsMs)), unit: 'x', ...bar },
  ];
}

async function refill(redis: Redis, size: number): Promise<void> {
  await redis.del('queue:default');
  await fill(redis, size);
}

async function slowest(redis: Redis): Promise<{ p999Ms: number; slowCount: number }> {
  const info = await redis.info('latencystats');
  const ours = [
    ...info.matchAll(
      /latency_percentiles_usec_(?:evalsha|lrange|lrem|zrange|smembers|scan):.*p99\.9=([\d.]+)/g,
    ),
  ];
  const entries = (await redis.slowlog('GET', 1000)) as unknown[][];
  const slowCount = entries.filter((entry) => entry[5] === 'poison-control').length;
  return { p999Ms: Math.max(0, ...ours.map(([, us]) => Number(us))) / 1000, slowCount };
}
