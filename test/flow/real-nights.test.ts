import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge } from '../../src/core/attribution/verdict.ts';
import { Watcher } from '../../src/flow/watch.ts';
import { openReader } from '../../src/redis/reader.ts';
import { dialectOf } from '../../src/sandbox/fleet/dialect.ts';
import { jobText } from '../../src/sandbox/fleet/job.ts';
import { DISASTER } from '../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../src/sandbox/fleet/random.ts';
import { startSidekiq } from '../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../eventually.ts';
import { type RedisServer, startRedisServer } from '../redis-server.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

const random = seededRandom(3);
const INNOCENT = ['PayrollRunJob', 'TaxFilingJob', 'EmployeeSyncJob', 'ReportExportJob'];
/** More than is done while a test lasts. */
const INNOCENT_JOBS = 3000;

function job(name: string, queue: string): string {
  return jobText({ ...DISASTER, name, queue }, dialectOf('6.4.1'), Date.now(), random);
}

/** A watcher of a database of its own, in which innocents wait. */
async function aNight(database: number) {
  const url = server.url.replace(/0$/, String(database));
  const redis = connect(url);
  const jobs = Array.from({ length: INNOCENT_JOBS }, (_, n) => job(INNOCENT[n % 4] ?? '', 'default'));
  await redis.lpush('queue:default', ...jobs);
  const reader = openReader({
    sidekiq: 'payroll',
    url,
    namespace: '',
    clock: { nowMs: Date.now, steadyMs: Date.now, wait: async () => {} },
  });
  const watcher = new Watcher(reader);
  const look = async () => (await watcher.see(await reader.snapshot())).judgements;
  const beats = async (wanted: number) => {
    let seen = 0;
    await eventually(async () => {
      seen += (await look()).filter(({ kind }) => kind === 'beat').length;
      return seen >= wanted;
    });
  };
  const start = () =>
    startSidekiq({
      redisUrl: url,
      queues: ['maintenance', 'default'],
      concurrency: 5,
      fetcher: 'gitlab-reliable',
    });
  return {
    redis,
    watcher,
    look,
    beats,
    start,
    [Symbol.asyncDispose]: async () => {
      await reader.close();
      await redis.quit();
    },
  };
}

test('real Sidekiq: DisasterJob beside four innocent classes is likely within five crashes', {
  timeout: 180_000,
}, async () => {
  await using night = await aNight(1);
  const { redis, watcher } = night;
  let crashes = 0;
  while (judge(watcher.memory.evidence).kind !== 'likely' && crashes < 5) {
    await using sidekiq = await night.start();
    await night.beats(crashes === 0 ? 5 : 3);
    await redis.lpush('queue:maintenance', job(DISASTER.name, 'maintenance'));
    await eventually(async () => sidekiq.crashes === 1);
    crashes += 1;
    // What Redis does a minute after the last beat; the test does not wait for it.
    const names = await redis.smembers('processes');
    await redis.del(...names.flatMap((identity) => [identity, `${identity}:workers`]));
    await redis.del(...(await redis.keys('reliable-fetcher-heartbeat-*')));
    const ended = (await night.look()).filter(({ kind }) => kind === 'ended');
    expect(ended).toMatchObject([{ end: 'crash' }]);
    await redis.srem('processes', ...names);
  }
  expect(judge(watcher.memory.evidence)).toMatchObject({
    kind: 'likely',
    suspect: { jobClass: DISASTER.name, crashes },
    others: [],
  });
});

test('real Sidekiq: ten clean deploys are ten clean stops and no crash', { timeout: 180_000 }, async () => {
  await using night = await aNight(2);
  const ends: string[] = [];
  for (let deploy = 0; deploy < 10; deploy++) {
    const sidekiq = await night.start();
    await night.beats(1);
    await sidekiq.stop();
    for (const judgement of await night.look()) if (judgement.kind === 'ended') ends.push(judgement.end);
  }
  expect(ends).toEqual(Array.from({ length: 10 }, () => 'clean stop'));
  expect(night.watcher.memory.evidence.crashes).toEqual([]);
});
