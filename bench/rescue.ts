import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { surveyFrom } from '../src/core/migration/survey.ts';
import { openReader } from '../src/redis/reader.ts';
import { openRescuer } from '../src/redis/rescue/rescuer.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { openStore } from '../src/store/open.ts';
import { type Benchmark, timed } from './benchmark.ts';
import { type Figure, median, ofRounds, ratios } from './figure.ts';
import { clock, fillQueue, jobPayload, watchSlowLog } from './stage.ts';

const SIZES = [10_000, 100_000];
const FULL_SIZES = [1_000_000, 10_000_000];
/** The bars are of this one, and what a job takes is held against what it takes among so many. */
const USUAL_SIZE = 100_000;
const ROUNDS = 3;
const LISTS = 40;
const PIPELINE = 1000;
const UNRELATED_KEYS = 1_000_000;
const PROCESSES = 200;
const QUEUES = ['critical', 'default', 'low', 'mail_bulk'];

/**
 * Rescuing against bare LMOVE, in full up to ten million jobs; finding the lists of the dead among a million keys; the survey
 * of a mixed fleet.
 */
export const rescue: Benchmark = {
  name: 'rescue',
  run: async ({ isFull }) => {
    // The first one warms the compiler and does not count.
    await rescueOnce(USUAL_SIZE / 10);
    const measured = new Map<number, readonly Round[]>();
    for (const size of isFull ? [...SIZES, ...FULL_SIZES] : SIZES)
      measured.set(size, await rescueOften(size, size === FULL_SIZES.at(-1) ? 1 : ROUNDS));
    const usualMs = median((measured.get(USUAL_SIZE) ?? []).map(({ rescueMs }) => rescueMs)) / USUAL_SIZE;
    return [
      ...[...measured].flatMap(([size, rounds]) => rescueFigures(size, rounds, usualMs)),
      ...(await findAmongUnrelated()),
      ...(await surveyMixedFleet()),
    ];
  },
};

function rescueFigures(size: number, rounds: readonly Round[], usualMs: number): readonly Figure[] {
  const bareMs = rounds.map((round) => round.bareMs);
  const rescueMs = rounds.map((round) => round.rescueMs);
  const atMost = (bar: number) => (size === USUAL_SIZE ? { atMost: bar } : {});
  return [
    { what: `bare LMOVE of ${size} jobs, ${PIPELINE} a pipeline`, ...ofRounds(bareMs), unit: 'ms' },
    // 20,000 jobs a second.
    { what: `rescue of them, on record`, ...ofRounds(rescueMs), unit: 'ms', ...atMost(5000) },
    { what: '  against bare LMOVE', ...ofRounds(ratios(rescueMs, bareMs)), unit: 'x', ...atMost(3) },
    {
      what: `  time a job against ${USUAL_SIZE}`,
      ...ofRounds(rescueMs.map((ms) => ms / size / usualMs)),
      unit: 'x',
    },
  ];
}

type Round = Awaited<ReturnType<typeof rescueOnce>>;

async function rescueOften(size: number, rounds: number): Promise<readonly Round[]> {
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await rescueOnce(size));
  return all;
}

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
  const searchMs: number[] = [];
  const looks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // One that remembers nothing has all keys to search.
    const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
    searchMs.push(
      await timed(async () => {
        while (!(await reader.snapshot()).privateListSearch.isComplete);
      }),
    );
    const found = (await reader.snapshot()).privateLists.length;
    if (found !== LISTS + round) throw new Error(`${found} of ${LISTS + round} lists were found`);
    const late = `queue:sq|late-${round}:1:999999999999|default`;
    await redis.lpush(late, jobPayload(1));
    looks.push(await looksUntil(reader, late));
    await reader.close();
  }
  const slow = await slowCommands();
  redis.disconnect();
  return [
    { what: `the lists of the dead found among ${UNRELATED_KEYS} keys`, ...ofRounds(searchMs), unit: 'ms' },
    { what: '  snapshots until a new one is found, 50 ms of search each', ...ofRounds(looks), unit: 'x' },
    ...slow,
  ];
}

async function looksUntil(reader: ReturnType<typeof openReader>, wanted: string): Promise<number> {
  for (let looks = 1; ; looks += 1) {
    if ((await reader.snapshot()).privateLists.some(({ key }) => key === wanted)) return looks;
  }
}

async function surveyMixedFleet(): Promise<readonly Figure[]> {
  await using server = await startRedisServer();
  const redis = new Redis(server.url);
  await seedMixedFleet(redis);
  const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
  await reader.snapshot();
  const surveyMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const snapshot = await reader.snapshot();
    const survey = async () => {
      const contents = await reader.contentsOf(snapshot, 10_000);
      const nothing = { stillness: new Map(), watchedSinceMs: snapshot.takenAtMs, suspects: [], tookMs: 0 };
      const { lists } = surveyFrom({ snapshot, contents, ...nothing });
      if (lists.length !== PROCESSES * QUEUES.length) throw new Error(`${lists.length} lists were surveyed`);
    };
    surveyMs.push(await timed(survey));
  }
  await reader.close();
  redis.disconnect();
  return [
    {
      what: `survey of ${PROCESSES} mixed processes beyond the snapshot`,
      ...ofRounds(surveyMs),
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
