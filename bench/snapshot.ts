import { Redis } from 'ioredis';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, compare } from './benchmark.ts';
import { clock, jobPayload, watchSlowLog } from './stage.ts';

const PROCESSES = 500;
const THREADS = 25;
const QUEUES = 50;
const ROUNDS = 9;

/** One snapshot of a large fleet, against the bare pipelined reads of the same keys (issue bar: 3 times). */
export const snapshot: Benchmark = {
  name: 'snapshot',
  run: async () => {
    await using server = await startRedisServer();
    const redis = new Redis(server.url);
    const fleet = await seedFleet(redis);
    const slowCommands = await watchSlowLog(redis);
    const open = () => openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
    const { oneMs, otherMs } = await compare(
      ROUNDS,
      async () => {
        // One that remembers nothing: to it every job is new.
        const fresh = open();
        await fresh.snapshot();
        await fresh.close();
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
    return [
      {
        what: `snapshot of ${PROCESSES} processes x ${THREADS} threads, ${QUEUES} queues`,
        value: oneMs,
        unit: 'ms',
      },
      { what: 'bare pipelined reads of the same keys', value: otherMs, unit: 'ms' },
      { what: 'snapshot against bare reads, every job new', value: oneMs / otherMs, unit: 'x', atMost: 3 },
      {
        what: 'snapshot against bare reads, between two beats',
        value: between.oneMs / between.otherMs,
        unit: 'x',
        atMost: 3,
      },
      ...slow,
    ];
  },
};

type SeededFleet = { readonly identities: readonly string[]; readonly queues: readonly string[] };

export async function seedFleet(redis: Redis): Promise<SeededFleet> {
  const nowS = Date.now() / 1000;
  const queues = Array.from({ length: QUEUES }, (_, index) => `queue_${index}`);
  const identities = Array.from(
    { length: PROCESSES },
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
