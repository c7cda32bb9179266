import { Redis } from 'ioredis';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, compare } from './benchmark.ts';
import { type Figure, median, ofRounds, ratios } from './figure.ts';
import { rubyMs } from './ruby.ts';
import { clock, jobPayload, watchSlowLog } from './stage.ts';

const FLEETS = [5, 50, 500, 1000];
/** The bars and the comparison with Sidekiq's API are of this one; as many is what other benchmarks watch. */
const PROCESSES = 500;
const THREADS = 25;
const QUEUES = 50;
const ROUNDS = 9;

/** All that Sidekiq's own page shows of the same: processes, what runs, queues with their latency, sets. */
const RUBY = `
  Sidekiq::ProcessSet.new(false).each { |process| process['busy'] }
  Sidekiq::Workers.new.each { |_, _, work| work['queue'] }
  Sidekiq::Queue.all.each { |queue| [queue.size, queue.latency] }
  [Sidekiq::RetrySet.new.size, Sidekiq::ScheduledSet.new.size, Sidekiq::DeadSet.new.size]`;

/** One snapshot of a fleet, which is what health is made of: against the bare reads of the same keys, and Sidekiq's own API. */
export const snapshot: Benchmark = {
  name: 'snapshot',
  run: async () => {
    const figures: Figure[] = [];
    let smallestMs = Number.NaN;
    for (const processes of FLEETS) {
      const measured = await measure(processes);
      if (processes === FLEETS[0]) smallestMs = median(measured.oneMs);
      const growth = measured.oneMs.map((ms) => ms / smallestMs);
      figures.push(...figuresOf(processes, measured));
      figures.push({ what: `  against ${FLEETS[0]} processes`, ...ofRounds(growth), unit: 'x' });
    }
    return figures;
  },
};

async function measure(processes: number) {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  const fleet = await seedFleet(redis, processes);
  const slowCommands = await watchSlowLog(redis);
  const open = () => openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
  const fresh = await compare(
    ROUNDS,
    async () => {
      // One that remembers nothing: to it every job is new.
      const reader = open();
      await reader.snapshot();
      await reader.close();
    },
    () => readBare(redis, fleet),
  );
  const reader = open();
  await reader.snapshot();
  const between = await compare(
    ROUNDS,
    () => reader.snapshot(),
    () => readBare(redis, fleet),
  );
  const slow = await slowCommands();
  await reader.close();
  redis.disconnect();
  const theirsMs = processes === PROCESSES ? await rubyMs(server.url, RUBY, ROUNDS) : undefined;
  return { ...fresh, between, slow, theirsMs };
}

function figuresOf(processes: number, measured: Awaited<ReturnType<typeof measure>>): Figure[] {
  const { oneMs, otherMs, between, slow, theirsMs } = measured;
  const bar = processes === PROCESSES ? { atMost: 3 } : {};
  const ofSidekiq = (ms: readonly number[]): Figure[] => [
    { what: "  Sidekiq's API for the same", ...ofRounds(ms), unit: 'ms' },
    { what: "  ours against Sidekiq's API", ...ofRounds(ratios(oneMs, ms)), unit: 'x' },
  ];
  return [
    {
      what: `snapshot of ${processes} processes x ${THREADS} threads, ${QUEUES} queues`,
      ...ofRounds(oneMs),
      unit: 'ms',
    },
    { what: '  bare pipelined reads of the same keys', ...ofRounds(otherMs), unit: 'ms' },
    { what: '  against bare reads, every job new', ...ofRounds(ratios(oneMs, otherMs)), unit: 'x', ...bar },
    {
      what: '  against bare reads, between two beats',
      ...ofRounds(ratios(between.oneMs, between.otherMs)),
      unit: 'x',
      ...bar,
    },
    ...(theirsMs === undefined ? [] : ofSidekiq(theirsMs)),
    ...slow,
  ];
}

type SeededFleet = { readonly identities: readonly string[]; readonly queues: readonly string[] };

export async function seedFleet(redis: Redis, processes = PROCESSES): Promise<SeededFleet> {
  const nowS = Date.now() / 1000;
  const queues = Array.from({ length: QUEUES }, (_, index) => `queue_${index}`);
  const identities = Array.from(
    { length: processes },
    (_, index) => `worker-${index}:1:${index.toString(16).padStart(12, '0')}`,
  );
  const pipeline = redis
    .pipeline()
    .sadd('queues', ...queues)
    .sadd('processes', ...identities);
  for (const queue of queues)
    pipeline.lpush(`queue:${queue}`, ...Array.from({ length: 20 }, (_, n) => jobPayload(n)));
  identities.forEach((identity, index) => {
    const info = {
      hostname: `worker-${index}`,
      started_at: nowS - 3600,
      pid: 1,
      tag: 'app',
      concurrency: THREADS,
      queues,
      weights: [Object.fromEntries(queues.map((queue) => [queue, 1]))],
      labels: [],
      identity,
      version: '7.3.10',
      embedded: false,
    };
    pipeline.hset(identity, {
      info: JSON.stringify(info),
      busy: THREADS,
      beat: nowS,
      quiet: 'false',
      rtt_us: 90,
      rss: 300_000,
    });
    pipeline.expire(identity, 600);
    const works = Array.from({ length: THREADS }, (_, thread) => [
      `t${thread}`,
      JSON.stringify({
        queue: 'queue_1',
        payload: jobPayload(index * THREADS + thread),
        run_at: Math.floor(nowS),
      }),
    ]);
    pipeline.hset(`${identity}:work`, Object.fromEntries(works));
  });
  await pipeline.exec();
  return { identities, queues };
}

async function readBare(redis: Redis, { identities, queues }: SeededFleet): Promise<void> {
  const pipeline = redis.pipeline();
  for (const queue of queues) pipeline.llen(`queue:${queue}`).lindexBuffer(`queue:${queue}`, -1);
  for (const identity of identities) {
    pipeline.callBuffer('HGETALL', identity).pttl(identity).callBuffer('HGETALL', `${identity}:work`);
  }
  await pipeline.exec();
}
