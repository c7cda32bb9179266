import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { job, reading, setStage } from './reading.ts';

async function seedProcess(redis: Redis, identity: string, info: object = {}): Promise<void> {
  const [hostname = '', pid = ''] = identity.split(':');
  const nowS = Date.now() / 1000;
  await redis.sadd('processes', identity);
  const said = { hostname, pid: Number(pid), started_at: nowS - 100, queues: ['mail'], labels: [], ...info };
  await redis.hset(identity, { info: JSON.stringify(said), busy: 0, beat: nowS });
  await redis.expire(identity, 60);
}

test('each scheme is found with its owner, alive or dead, and its target', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'mail');
  await redis.sadd('super_processes', 'super:1:aaaaaaaaaaaa', 'crashed:1:bbbbbbbbbbbb');
  await seedProcess(redis, 'super:1:aaaaaaaaaaaa', { version: '7.3.10', labels: ['reliable'] });
  await seedProcess(redis, 'old:1:cccccccccccc');
  await seedProcess(redis, 'gitlab:7:dddddddddddd', { version: '7.0.9' });
  await seedProcess(redis, 'fresh:1:eeeeeeeeeeee', { version: '7.0.9', started_at: Date.now() / 1000 });
  await seedProcess(redis, 'plain:1:ffffffffffff', { version: '7.0.9' });
  // Its name has left `processes`, but its hash lives: alive (reference, 1.5).
  await redis.hset('unnamed:1:abababababab', 'info', '{}');
  await redis.set('reliable-fetcher-heartbeat-gitlab-7-0011223344556677', 1);
  const one = job('Mail', { queue: 'mail' });
  await redis.lpush('queue:sq|super:1:aaaaaaaaaaaa|mail', one);
  await redis.lpush('queue:sq|crashed:1:bbbbbbbbbbbb|mail', one, one);
  await redis.lpush('queue:sq|unnamed:1:abababababab|mail', one);
  await redis.lpush('queue:sq_gone:1:cdcdcdcdcdcd_mail', one);
  await redis.lpush('queue:mail_old_0', one);
  await redis.lpush('queue:mail_elsewhere_0', one);
  await redis.lpush('queue:mail_3', one);
  await redis.lpush('working:queue:mail:gitlab:7:0011223344556677', one);
  await redis.lpush('working:queue:mail:gitlab:8:8899aabbccddeeff', one);
  await redis.lpush('inproc:gone:1:efefefefefef:mail', one);
  await redis.lpush('parked-by-hand', one);
  await redis.lpush('somebody-elses', 'no job');
  await redis.lpush('queue:lost', job('Lost', { queue: 'lost' }));
  await redis.lpush('plain:1:ffffffffffff-signals', 'TERM');

  const { privateLists, processes, faults, queues } = await stage.snapshot();

  const told = privateLists.map(({ key, scheme, ownerState, queue, size }) => [
    key,
    scheme,
    ownerState,
    queue?.name,
    size,
  ]);
  expect(told.sort()).toEqual(
    [
      ['queue:sq|super:1:aaaaaaaaaaaa|mail', 'super_fetch', 'alive', 'mail', 1],
      ['queue:sq|crashed:1:bbbbbbbbbbbb|mail', 'super_fetch', 'dead', 'mail', 2],
      ['queue:sq|unnamed:1:abababababab|mail', 'super_fetch', 'alive', 'mail', 1],
      ['queue:sq_gone:1:cdcdcdcdcdcd_mail', 'super_fetch_3_4', 'dead', 'mail', 1],
      ['queue:mail_old_0', 'reliable_fetch', 'alive', 'mail', 1],
      ['queue:mail_elsewhere_0', 'reliable_fetch', 'dead', 'mail', 1],
      ['queue:mail_3', 'reliable_fetch_without_host', 'unknown', 'mail', 1],
      ['working:queue:mail:gitlab:7:0011223344556677', 'gitlab', 'alive', 'mail', 1],
      ['working:queue:mail:gitlab:8:8899aabbccddeeff', 'gitlab', 'dead', 'mail', 1],
      ['inproc:gone:1:efefefefefef:mail', 'ultimate', 'dead', 'mail', 1],
      ['parked-by-hand', 'unknown', 'unknown', 'mail', 1],
    ].sort(),
  );
  const fetched = processes.map(({ identity, fetch }) => [identity.split(':')[0], fetch.strategy]);
  expect(fetched).toEqual([
    ['fresh', 'unknown'],
    ['gitlab', 'gitlab_reliable'],
    ['old', 'reliable_fetch'],
    ['plain', 'basic'],
    ['super', 'super_fetch'],
  ]);
  expect(queues.map(({ name, size }) => [name, size])).toEqual([
    ['mail', 0],
    ['lost', 1],
  ]);
  expect(faults.map(({ code, where }) => [code, where])).toEqual([['unregistered', 'queue:lost']]);
});

test("an idle process of GitLab's fetcher is known by its heartbeat alone", async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await seedProcess(redis, 'idle-1:7:dddddddddddd', { version: '7.0.9' });
  await redis.set('reliable-fetcher-cleanup-lock', 1);
  await redis.set('reliable-fetcher-heartbeat-idle-1-7-0011223344556677', 1);
  const { processes } = await stage.snapshot();
  expect(processes[0]?.fetch.strategy).toBe('gitlab_reliable');
});

test("a process that took its host's name from $DYNO is matched with the fetcher, which did not", async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await seedProcess(redis, 'web.1:47:dddddddddddd', { version: '7.0.9' });
  await seedProcess(redis, 'web.2:48:eeeeeeeeeeee', { version: '7.0.9' });
  await redis.lpush('working:queue:mail:machine-9:47:0011223344556677', job('Mail', { queue: 'mail' }));
  await redis.set('reliable-fetcher-heartbeat-machine-9-47-0011223344556677', 1);
  const { processes, privateLists } = await stage.snapshot();
  expect(processes.map(({ fetch }) => fetch.strategy)).toEqual(['gitlab_reliable', 'basic']);
  expect(privateLists[0]?.ownerState).toBe('alive');
});

test('registers name lists whether or not they write the namespace before their keys', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('app:super_processes', 'w:1:aaaaaaaaaaaa');
  await redis.sadd(
    'app:w:1:aaaaaaaaaaaa:super_queues',
    'app:queue:sq|w:1:aaaaaaaaaaaa|one',
    'queue:sq|w:1:aaaaaaaaaaaa|two',
  );
  await redis.lpush('app:queue:sq|w:1:aaaaaaaaaaaa|one', job('One'));
  await redis.lpush('app:queue:sq|w:1:aaaaaaaaaaaa|two', job('Two'));
  await redis.lpush('queue:sq|w:1:aaaaaaaaaaaa|three', job('OfAnotherNamespace'));
  const { privateLists } = await stage.snapshot('app');
  expect(privateLists.map(({ key, ownerState }) => [key, ownerState]).sort()).toEqual([
    ['app:queue:sq|w:1:aaaaaaaaaaaa|one', 'dead'],
    ['app:queue:sq|w:1:aaaaaaaaaaaa|two', 'dead'],
  ]);
});

test('lists that end are forgotten, and new ones found by later snapshots of the same reader', async () => {
  await using stage = await setStage();
  const { redis, server } = stage;
  await redis.mset(Array.from({ length: 20_000 }, (_, index) => [`other:${index}`, 'x']).flat());
  await redis.lpush('queue:sq|w:1:aaaaaaaaaaaa|one', job('One'));
  await reading(server.url, '', async (reader) => {
    expect((await reader.snapshot()).privateLists).toHaveLength(1);
    await redis.del('queue:sq|w:1:aaaaaaaaaaaa|one');
    expect((await reader.snapshot()).privateLists).toHaveLength(0);
    await redis.lpush('queue:sq|w:1:aaaaaaaaaaaa|two', job('Two'));
    const isFound = async () => (await reader.snapshot()).privateLists.length === 1;
    await expect.poll(isFound, { timeout: 10_000, interval: 1 }).toBe(true);
  });
});
