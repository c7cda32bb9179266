import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { surveyFrom } from '../src/core/migration/survey.ts';
import { openReader } from '../src/redis/reader.ts';
import { openRescuer } from '../src/redis/rescue/rescuer.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { openStore } from '../src/store/open.ts';
import { type Benchmark, type Figure, timed } from './benchmark.ts';
import { clock, fillQueue, jobPayload, watchSlowLog } from './stage.ts';

const JOBS = 100_000;
const LISTS = 40;
const PIPELINE = 1000;
const UNRELATED_KEYS = 1_000_000;
const PROCESSES = 200;
const QUEUES = ['critical', 'default', 'low', 'mail_bulk'];

/** Rescuing against bare LMOVE; finding the lists of the dead among a million keys; the survey of a mixed fleet. */
export const rescue: Benchmark = {
  name: 'rescue',
  run: async () => {
    // The first one warms the compiler and does not count.
    await rescueOnce(JOBS / 10);
    const { bareMs, rescueMs } = await rescueOnce(JOBS);
    return [
      { what: `bare LMOVE of ${JOBS} jobs, ${PIPELINE} a pipeline`, value: bareMs, unit: 'ms' },
      { what: `rescue of them, on record (20,000 jobs a second)`, value: rescueMs, unit: 'ms', atMost: 5000 },
      { what: '  against bare LMOVE', value: rescueMs / bareMs, unit: 'x', atMost: 3 },
      ...(await findAmongUnrelated()),
      ...(await surveyMixedFleet()),
    ];
  },
};

const listOf = (index: number) => `queue:sq|dead-${index}:1:${String(index).padStart(12, '0')}|default`;

async function rescueOnce(jobs: number): Promise<{ bareMs: number; rescueMs: number }> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  const fill = async () => {
    for (let index = 0; index < LISTS; index += 1) await fillQueue(redis, listOf(index), jobs / LISTS);
  };
  await fill();
  const bareMs = await timed(async () => {
    for (let index = 0; index < LISTS; index += 1) {
      for (let from = 0; from < jobs / LISTS; from += PIPELINE) {
        const pipeline = redis.pipeline();
        for (let n = from; n < Math.min(from + PIPELINE, jobs / LISTS); n += 1)
          pipeline.lmove(listOf(index), 'queue:default', 'RIGHT', 'LEFT');
        await pipeline.exec();
      }
    }
  });
  await redis.flushall();
  await fill();
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-bench-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  const rescuer = openRescuer({ sidekiq: 'bench', url: server.url, namespace: '', clock, archive: store });
  const lists = Array.from({ length: LISTS }, (_, index) => listOf(index));
  const rescueMs = await timed(async () => {
    const order = { actionId: 'bench', fence: 1, lists, keep: [], archive: [], cap: jobs };
    const end = await rescuer.rescue(order, {
      commit: async (_, write) => {
        await store.transact(write);
        return 'go on';
      },
      pause: async () => 'go on',
    });
    if (end.moved !== jobs) throw new Error(`${end.type}: ${end.moved} were moved`);
  });
  await rescuer.close();
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  redis.disconnect();
  return { bareMs, rescueMs };
}

async function findAmongUnrelated(): Promise<readonly Figure[]> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  for (let from = 0; from < UNRELATED_KEYS; from += 10_000) {
    await redis.eval(`for n = ARGV[1], ARGV[1] + 9999 do redis.call('SET', 'cache:' .. n, n) end`, 0, from);
  }
  for (let index = 0; index < LISTS; index += 1) await redis.lpush(listOf(index), jobPayload(index));
  const slowCommands = await watchSlowLog(redis);
  const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
  const searchMs = await timed(async () => {
    while (!(await reader.snapshot()).privateListSearch.isComplete);
  });
  const found = (await reader.snapshot()).privateLists.length;
  if (found !== LISTS) throw new Error(`${found} of ${LISTS} lists were found`);
  const late = 'queue:sq|late:1:999999999999|default';
  await redis.lpush(late, jobPayload(1));
  let looks = 0;
  for (let isFound = false; !isFound; looks += 1) {
    isFound = (await reader.snapshot()).privateLists.some(({ key }) => key === late);
  }
  const slow = await slowCommands();
  await reader.close();
  redis.disconnect();
  return [
    { what: `the lists of the dead found among ${UNRELATED_KEYS} keys`, value: searchMs, unit: 'ms' },
    { what: '  snapshots until a new one is found, 50 ms of search each', value: looks, unit: 'x' },
    ...slow,
  ];
}

async function surveyMixedFleet(): Promise<readonly Figure[]> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  await seedMixedFleet(redis);
  const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
  await reader.snapshot();
  let snapshotMs = 0;
  const surveyMs = await timed(async () => {
    const startedAtMs = performance.now();
    const snapshot = await reader.snapshot();
    snapshotMs = performance.now() - startedAtMs;
    const contents = await reader.contentsOf(snapshot, 10_000);
    const nothing = { stillness: new Map(), watchedSinceMs: snapshot.takenAtMs, suspects: [], tookMs: 0 };
    const { lists } = surveyFrom({ snapshot, contents, ...nothing });
    if (lists.length !== PROCESSES * QUEUES.length) throw new Error(`${lists.length} lists were surveyed`);
  });
  await reader.close();
  redis.disconnect();
  return [
    {
      what: `survey of ${PROCESSES} mixed processes beyond the snapshot`,
      value: surveyMs - snapshotMs,
      unit: 'ms',
      atMost: 1000,
    },
  ];
}

/** A third each on super_fetch, reliable_fetch and GitLab's; every process keeps five jobs of every queue. */
async function seedMixedFleet(redis: Redis): Promise<void> {
  const pipeline = redis.pipeline().sadd('queues', ...QUEUES);
  for (let index = 0; index < PROCESSES; index += 1) {
    const [host, nonce] = [`worker-${index}`, String(index).padStart(12, '0')];
    const identity = `${host}:${index + 2}:${nonce}`;
    const info = { hostname: host, pid: index + 2, queues: QUEUES, started_at: 1_795_454_560, labels: [] };
    pipeline
      .sadd('processes', identity)
      .hset(identity, { info: JSON.stringify(info), busy: 5, beat: Date.now() / 1000 });
    pipeline.expire(identity, 600);
    if (index % 3 === 0) pipeline.sadd('super_processes', identity);
    if (index % 3 === 2) pipeline.set(`reliable-fetcher-heartbeat-${host}-${index + 2}-${nonce}`, 1);
    for (const queue of QUEUES) {
      const key = [
        `queue:sq|${identity}|${queue}`,
        `queue:${queue}_${host}_0`,
        `working:queue:${queue}:${host}:${index + 2}:${nonce}`,
      ][index % 3];
      const jobs = Array.from({ length: 5 }, (_, n) => jobPayload(n).replace('"default"', `"${queue}"`));
      pipeline.lpush(key ?? '', ...jobs);
    }
  }
  await pipeline.exec();
}
