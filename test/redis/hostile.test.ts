import { expect, test } from 'vitest';
import { job, setStage } from './reading.ts';

test('content that no Sidekiq wrote is reported and never fatal', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  const names = [
    '__proto__',
    'constructor',
    '`tick`',
    '<!channel>',
    'no json',
    'bytes',
    'text',
    'huge',
    'empty',
  ];
  await redis.sadd('queues', ...names, Buffer.from([0x71, 0xff, 0xfe]));
  await redis.lpush('queue:__proto__', job('Proto', { class: '__proto__' }));
  await redis.lpush('queue:constructor', '{"__proto__":{"class":"Evil"},"args":[]}');
  await redis.lpush('queue:`tick`', job('`rm -rf`'), job("O'Reilly"), job('"quoted"'));
  await redis.lpush('queue:<!channel>', job('<!channel>'), job('<@U1>'));
  await redis.lpush('queue:no json', 'not json at all');
  await redis.lpush('queue:bytes', Buffer.from([0xff, 0x00, 0xc3, 0x28]));
  await redis.set('queue:text', 'a string where a list should be');
  await redis.lpush(
    'queue:huge',
    job('Huge', { args: ['x'.repeat(5_000_000)], enqueued_at: Date.now() / 1000 - 60 }),
  );
  await redis.zadd('retry', '-inf', 'junk', '+inf', job('Never'));
  await redis.set('schedule', 'no set');
  await redis.set('stat:processed', '-17');
  await redis.set('stat:failed', 'many');
  await redis.sadd('processes', 'a:1:aa', 'b:2:bb', 'queues', 'd:4:dd', '', '__proto__');
  await redis.hset('a:1:aa', { info: '{"hostname":', busy: '99999999999999999999', beat: 'x', rss: '-1' });
  await redis.hset('a:1:aa:work', 't1', 'junk', 't2', '{"payload":"junk"}', 't3', '{"payload":{"class":7}}');
  await redis.set('b:2:bb', 'no hash');
  await redis.hset('d:4:dd', { info: '[]' });
  await redis.set('d:4:dd:work', 'no hash');
  await redis.sadd('super_processes', 'gone:1:00ff00');
  await redis.set('gone:1:00ff00:super_queues', 'no set');
  await redis.sadd('queue:spriorityq|a:1:aa|priority-queue:low', 'a set under a name like a list');

  const snapshot = await stage.snapshot();

  const faults = snapshot.faults.map(({ code, where }) => `${code} ${where}`);
  expect(faults).toEqual(
    expect.arrayContaining([
      'unreadable queues',
      'not_a_job queue:constructor',
      'not_json queue:no json',
      'not_json queue:bytes',
      'wrong_type queue:text',
      'oversized queue:huge',
      'wrong_type schedule',
      'wrong_type b:2:bb',
      'wrong_type queues',
      'unreadable a:1:aa',
      'not_json a:1:aa:work',
      'wrong_type d:4:dd:work',
      'wrong_type gone:1:00ff00:super_queues',
    ]),
  );
  const byName = new Map(snapshot.queues.map((queue) => [queue.name, queue]));
  expect([...byName.keys()].sort()).toEqual([...names].sort());
  expect(byName.get('__proto__')?.oldest?.jobClass).toBe('__proto__');
  expect(byName.get('<!channel>')?.oldest?.jobClass).toBe('<!channel>');
  expect(byName.get('huge')?.oldest?.jobClass).toBe('Huge');
  expect(byName.get('huge')?.latencyMs).toBeGreaterThan(59_000);
  expect(snapshot.counters).toMatchObject({ processed: 0, failed: 0 });
  expect(snapshot.scheduledSet.size).toBe(0);
  expect(snapshot.processes.map(({ identity }) => identity)).toEqual(['', '__proto__', 'a:1:aa', 'd:4:dd']);
  expect(snapshot.processes.find(({ identity }) => identity === 'a:1:aa')).toMatchObject({
    busy: 0,
    rssBytes: undefined,
  });

  const backlog = await stage.countBacklog();

  expect(backlog.isExact).toBe(true);
  expect(backlog.notJobs).toBe(4);
  const counted = backlog.classes.map(({ jobClass, total }) => [jobClass, total]);
  expect(counted.sort()).toEqual(
    ['"quoted"', '<!channel>', '<@U1>', 'Huge', 'Never', "O'Reilly", '__proto__', '`rm -rf`']
      .map((name) => [name, 1])
      .sort(),
  );
});

test('a Redis full of faults fills neither memory nor a message', async () => {
  await using stage = await setStage();
  const names = Array.from({ length: 500 }, (_, index) => `q${index}`);
  await stage.redis.sadd('queues', ...names);
  await stage.redis.mset(names.flatMap((name) => [`queue:${name}`, 'x']));
  const { faults } = await stage.snapshot();
  expect(faults.length).toBe(201);
  expect(faults.at(-1)?.sentence).toBe('Only the first 200 faults are listed.');
});

test('pages of jobs of 5 MB are small, so no reply is', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'huge');
  for (let count = 0; count < 12; count += 1)
    await redis.lpush('queue:huge', job('Huge', { args: ['x'.repeat(5_000_000)] }));
  await redis.config('RESETSTAT');
  const backlog = await stage.countBacklog();
  expect(backlog.classes).toEqual([expect.objectContaining({ jobClass: 'Huge', total: 12 })]);
  const stats = await redis.info('commandstats');
  // Two pages of two, then one at a time, and the empty page behind the end.
  expect(Number(/cmdstat_lrange:calls=(\d+)/.exec(stats)?.[1])).toBeGreaterThanOrEqual(10);
});
