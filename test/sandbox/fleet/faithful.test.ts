import { beforeAll, expect, test } from 'vitest';
import { dialectOf } from '../../../src/sandbox/fleet/dialect.ts';
import { Fleet } from '../../../src/sandbox/fleet/fleet.ts';
import { jobText } from '../../../src/sandbox/fleet/job.ts';
import type { JobClass } from '../../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import { payrollContainers } from '../../../src/sandbox/fleet/stories/containers.ts';
import { startSidekiq } from '../../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../../eventually.ts';
import { startRedisServer } from '../../redis-server.ts';
import { connect, fleetRedisOver } from './fleet-redis.ts';

const ENDLESS: JobClass = {
  name: 'EndlessJob',
  queue: 'default',
  look: 'plain',
  durationMs: 1e12,
  perSecond: 0,
};
const FAILING: JobClass = {
  name: 'FailingJob',
  queue: 'default',
  look: 'plain',
  durationMs: 1,
  perSecond: 0,
  failure: { share: 1, errorClass: 'ArgumentError', message: 'it did not work' },
};

type Connected = ReturnType<typeof connect>;

/** Everything in a Redis by key, type and form: identities and dates become words, values become their JSON types. */
async function formsIn(redis: Connected): Promise<Record<string, unknown>> {
  const [identity = '-'] = await redis.smembers('processes');
  const day = new Date().toISOString().slice(0, 10);
  const forms: Record<string, unknown> = {};
  for (const key of await redis.keys('*')) {
    const name = key.replace(identity, 'ID').replace(day, 'DAY');
    const type = await redis.type(key);
    const ttl = await redis.ttl(key);
    forms[name] = {
      type,
      lives: ttl < 0 ? 'for ever' : ttl <= 60 ? 'a minute' : 'long',
      form: await formOf(redis, key, type),
    };
  }
  return forms;
}

async function formOf(redis: Connected, key: string, type: string): Promise<unknown> {
  if (type === 'hash') {
    const fields = Object.entries(await redis.hgetall(key));
    const isWork = key.endsWith(':workers');
    return Object.fromEntries(fields.map(([field, value]) => [isWork ? 'TID' : field, valueForm(value)]));
  }
  if (type === 'zset') return valueForm((await redis.zrange(key, '0', '0'))[0] ?? '');
  return type;
}

/** `{"a":1.5,"b":"x"}` -> `{ a: 'float', b: 'string' }`, and JSON inside of JSON likewise. */
function valueForm(text: string): unknown {
  if (/^-?\d+$/.test(text)) return 'integer';
  if (/^-?\d+\.\d+$/.test(text)) return 'float';
  if (!text.startsWith('{')) return 'text';
  return Object.fromEntries(
    Object.entries(JSON.parse(text)).map(([field, value]) => [field, jsonForm(value)]),
  );
}

function jsonForm(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' && value.startsWith('{')) return valueForm(value);
  return typeof value;
}

let real: Record<string, unknown>;
let played: Record<string, unknown>;

beforeAll(async () => {
  const random = seededRandom(1);
  const jobs = [FAILING, ENDLESS].map((jobClass) =>
    jobText(jobClass, dialectOf('6.4.1'), Date.now(), random),
  );

  await using realServer = await startRedisServer();
  await using realRedis = connect(realServer.url);
  await using _sidekiq = await startSidekiq({
    redisUrl: realServer.url,
    queues: ['default'],
    concurrency: 5,
  });
  await realRedis.sadd('queues', 'default');
  await realRedis.lpush('queue:default', ...jobs);
  await eventually(async () => (await realRedis.keys('*:workers')).length === 1);
  real = await formsIn(realRedis);

  await using playedServer = await startRedisServer();
  await using playedRedis = connect(playedServer.url);
  await playedRedis.sadd('queues', 'default');
  await playedRedis.lpush('queue:default', ...jobs);
  const containers = payrollContainers(1, '6.4.1', 'basic').map((container) => ({
    ...container,
    weights: { default: 1 },
  }));
  const classes = [ENDLESS, FAILING];
  const startMs = Date.now() - 6_000;
  const fleet = new Fleet(
    fleetRedisOver(playedRedis),
    { containers, classes, clientVersion: '6.4.1', seed: 1 },
    startMs,
  );
  await fleet.advance(startMs + 6_000);
  played = await formsIn(playedRedis);
});

test('the played fleet writes the very keys, types, fields and lifetimes of a real Sidekiq 6.4.1', () => {
  expect(Object.keys(real).toSorted()).toContain('ID:workers');
  expect(played).toEqual(real);
});
