import { expect, test } from 'vitest';
import type { ClassSearch } from '../../src/core/actions/purge-found.ts';
import { job, reading, type Stage, setStage } from './reading.ts';

const PILL = 'Recurring::DisasterJob';
const CREATED_MS = 1_795_454_560_770;

function find(stage: Stage, search: Partial<ClassSearch> = {}, namespace = '') {
  return reading(stage.server.url, namespace, (reader) =>
    reader.findClass({ jobClass: PILL, queues: [], budgetMs: 20_000, ...search }),
  );
}

async function beat(stage: Stage, identity: string, works: readonly string[] = []): Promise<void> {
  const [hostname = '', pid = '1'] = identity.split(':');
  await stage.redis.sadd('processes', identity);
  const info = JSON.stringify({ hostname, pid: Number(pid), queues: ['default', 'rare'], version: '7.3.10' });
  await stage.redis.hset(identity, { info, busy: works.length, beat: Date.now() / 1000 });
  await stage.redis.expire(identity, 60);
  for (const [index, payload] of works.entries()) {
    const work = JSON.stringify({ queue: 'default', payload, run_at: Math.floor(Date.now() / 1000) });
    await stage.redis.hset(`${identity}:work`, `t${index}`, work);
  }
}

test('one class is counted in every place where it hides, in the order of the deed', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', 'low');
  await redis.lpush('queue:default', job(PILL), job('Other'), job(PILL), job(PILL));
  await redis.lpush('queue:low', job(PILL, { queue: 'low' }), job('Other'));
  await redis.zadd('schedule', 2e9, job(PILL), 2e9, job('Other'));
  await redis.zadd('retry', 2e9, job(PILL), 2e9 + 1, job(PILL));
  await redis.zadd('dead', 1e9, job(PILL));
  await beat(stage, 'w:1:0123456789ab', [job(PILL), job('Other'), job(PILL)]);
  await redis.sadd('super_processes', 'w:1:0123456789ab', 'gone:1:0123456789ab');
  await redis.sadd('w:1:0123456789ab:super_queues', 'queue:sq|w:1:0123456789ab|default');
  await redis.lpush('queue:sq|w:1:0123456789ab|default', job(PILL), job(PILL));
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', job(PILL), job('Other'));
  await redis.lpush('somebody:elses', job(PILL));

  const found = await find(stage);

  expect(found.places).toEqual([
    { name: 'scheduled set', count: 1 },
    { name: 'retry set', count: 2 },
    { name: 'queue default', count: 3 },
    { name: 'queue low', count: 1 },
    { name: 'private lists of dead workers', count: 1 },
    { name: 'private lists of workers that may live', count: 2 },
  ]);
  expect(found.running).toEqual({ threads: 2, processes: 1 });
  expect(found.leftAlone).toEqual({ later: 0, undated: 0, unreadable: 0, inUnknownLists: 1 });
  expect(found).toMatchObject({ oldestAtMs: CREATED_MS, newestAtMs: CREATED_MS });
  expect(found.exactness).toEqual({ isExact: true, isSearchComplete: true, readCount: 15, knownCount: 15 });
  expect(found.queueNames).toEqual(expect.arrayContaining(['default', 'low', 'rare']));
  expect(found.jids).toHaveLength(3);
  expect(Math.abs(found.cutOffMs - Date.now())).toBeLessThan(30_000);
});

test('queues that were asked for, and what in the sets belongs to them, are all that is counted', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', 'low');
  await redis.lpush('queue:default', job(PILL));
  await redis.lpush('queue:low', job(PILL, { queue: 'low' }), job(PILL, { queue: 'default' }));
  await redis.zadd('retry', 2e9, job(PILL), 2e9, job(PILL, { queue: 'low' }));
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', job(PILL));
  expect((await find(stage, { queues: ['low'] })).places).toEqual([
    { name: 'retry set', count: 1 },
    { name: 'queue low', count: 2 },
  ]);
});

test('only what was created before the cut-off counts; the rest is told apart', async () => {
  await using stage = await setStage();
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush(
    'queue:default',
    job(PILL, { created_at: 1_000_000_000 }),
    job(PILL, { created_at: CREATED_MS }),
    job(PILL, { created_at: CREATED_MS + 1 }),
    job(PILL, { created_at: undefined }),
    `${job(PILL).slice(0, -2)},`,
    job('Other', { created_at: undefined }),
  );
  const found = await find(stage, { cutOffMs: CREATED_MS + 1 });
  expect(found.places).toEqual([{ name: 'queue default', count: 2 }]);
  expect(found).toMatchObject({ oldestAtMs: 1e12, newestAtMs: CREATED_MS, cutOffMs: CREATED_MS + 1 });
  expect(found.leftAlone).toMatchObject({ later: 1, undated: 1 });
});

test('what would stay behind is found: batches, locks, progress, cron entries, a leader', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  const jid = 'aaaabbbbccccddddeeeeffff';
  await redis.sadd('queues', 'default');
  await redis.lpush(
    'queue:default',
    job(PILL, { bid: 'B1' }),
    job(PILL, { bid: 'B1' }),
    job(PILL, { bid: 'B2', unique_for: 600, encrypt: true }),
    job(PILL, { lock_digest: 'uniquejobs:ab' }),
    job(PILL, { unique_digest: 'uniquejobs:cd' }),
    job(PILL, { jid }),
    job('Other', { bid: 'B3', unique_for: 600, lock_digest: 'uniquejobs:ef' }),
  );
  await redis.hset(`it-${jid}`, { ex: 1 });
  await redis.set('dear-leader', 'w:1:0123456789ab');
  await redis.sadd('cron_jobs', 'cron_job:one');
  await redis.sadd('cron_jobs:default', 'cron_job:default:two', 'three');
  await redis.hset('cron_job:one', { klass: PILL, cron: '0 1 * * *', status: 'enabled' });
  await redis.hset('cron_job:default:two', { klass: PILL, cron: '0 2 * * *', status: 'disabled' });
  await redis.hset('cron_job:default:three', { klass: 'Other', cron: '0 3 * * *', status: 'enabled' });

  const found = await find(stage);

  expect(found.marks).toEqual({
    batchJobs: 3,
    batches: { count: 2, isAtLeast: false },
    uniqueJobs: 1,
    lockDigests: { count: 2, isAtLeast: false },
    encrypted: 1,
    iterable: { count: 1, of: 6 },
  });
  expect(found.hasLeader).toBe(true);
  expect(found.cron).toEqual([
    { name: 'one', cron: '0 1 * * *', isEnabled: true },
    { name: 'two', cron: '0 2 * * *', isEnabled: false },
  ]);
});

test('content that no Sidekiq wrote is never counted, never fatal, and never shown', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', '__proto__', 'text');
  await redis.lpush(
    'queue:default',
    'not json',
    Buffer.from([0xff, 0x00, 0xc3, 0x28]),
    '[]',
    `{"class":"Other","args":["\\"class\\":\\"${PILL}\\""],"created_at":1795454560}`,
    `{"class":["${PILL}"],"args":[],"created_at":1795454560}`,
    `{"args":[{"class":"${PILL}"}],"created_at":1795454560}`,
    Buffer.concat([
      Buffer.from(`{"class":"${PILL}`),
      Buffer.from([0xff]),
      Buffer.from('","args":[],"created_at":1}'),
    ]),
    `{"args":[],"created_at":1795454560,"jid":"\\ud800","bid":"${'x'.repeat(300)}","class":"${PILL}"}`,
    `{"retry":true,"args":[],"created_at":"1795454560","jid":7,"bid":{},"lock_digest":[],"class":"${PILL}"}`,
  );
  await redis.lpush('queue:__proto__', job('__proto__'));
  await redis.set('queue:text', 'a string where a list should be');
  await redis.set('retry', 'no set');
  await redis.set('cron_jobs', 'no set');
  await redis.sadd('cron_jobs:default', 'cron_job:default:text', '');
  await redis.set('cron_job:default:text', 'no hash');

  const found = await find(stage);

  expect(found.places).toEqual([{ name: 'queue default', count: 2 }]);
  expect(found.jids).toEqual([]);
  expect(found.marks).toMatchObject({ batchJobs: 1, batches: { count: 0, isAtLeast: true } });
  expect(found.cron).toEqual([]);
  expect((await find(stage, { jobClass: '__proto__' })).places).toEqual([
    { name: 'queue __proto__', count: 1 },
  ]);
});

test('when the time is up, what was read is told from what was not', async () => {
  await using stage = await setStage();
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush('queue:default', ...Array.from({ length: 5000 }, () => job(PILL)));
  const { exactness, places } = await find(stage, { budgetMs: 0 });
  expect(exactness).toMatchObject({ isExact: false, knownCount: 5000 });
  expect(exactness.readCount).toBeLessThan(5000);
  expect(places.reduce((sum, { count }) => sum + count, 0)).toBe(exactness.readCount);
});

test('a namespace goes before every key that is looked at', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('app:queues', 'default');
  await redis.lpush('app:queue:default', job(PILL, { jid: 'j1' }));
  await redis.lpush('queue:default', job(PILL));
  await redis.hset('app:it-j1', { ex: 1 });
  await redis.sadd('app:cron_jobs:default', 'cron_job:default:one');
  await redis.hset('app:cron_job:default:one', { klass: PILL, cron: '* * * * *' });
  const found = await find(stage, {}, 'app');
  expect(found.places).toEqual([{ name: 'queue default', count: 1 }]);
  expect(found.marks.iterable).toEqual({ count: 1, of: 1 });
  expect(found.cron).toEqual([{ name: 'one', cron: '* * * * *', isEnabled: true }]);
});

test.each(['lrange', 'zrange', 'llen', 'zcard', 'scan', 'smembers'])(
  'what may not be read by %s is not counted as read: the number is “at least”',
  async (command) => {
    await using stage = await setStage();
    await stage.redis.sadd('queues', 'default', 'low');
    await stage.redis.lpush('queue:default', job(PILL));
    await stage.redis.zadd('retry', 1, job(PILL));
    await stage.redis.call('ACL', 'SETUSER', 'default', `-${command}`);
    expect((await find(stage)).exactness.isExact).toBe(false);
    await stage.redis.call('ACL', 'SETUSER', 'default', `+${command}`, '-info');
    expect((await find(stage)).exactness.isExact).toBe(true);
  },
);
