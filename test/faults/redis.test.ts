import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { startNight } from './night.ts';

/** Redis on its bad days: what the person sees, what is tried again, and that nothing is lost. */

/** Another application's keys, which a Redis that evicts throws away first: they were not used for longest. */
const CACHE = "for n = 1, 20000 do redis.call('SET', 'cache:' .. n, string.rep('x', 500)) end";
const SHARE = /^poison_control_redis_budget_share\{sidekiq="payroll"\} ([\d.]+)$/m;

test('slow: people are answered still, the bot asks for less, and for all of it again when that is over', async () => {
  await using night = await startNight();
  await night.fill(10);
  night.line.delayMs = 400;
  await night.ask('health', /payroll/);
  await eventually(async () => (await night.metric(SHARE)) <= 1 / 8);
  await night.ask('backlog', /20 jobs wait/);
  night.line.delayMs = 0;
  await night.ask('health', /payroll/);
  await eventually(async () => (await night.metric(SHARE)) === 1, 60_000);
  expect(night.acknowledgedInTime()).toBe(true);
}, 120_000);

test('cut in the middle of everything: the purge goes on by itself, and takes each job once', async () => {
  await using night = await startNight();
  await night.fill(12_000);
  const message = await night.propose();
  await night.approve(message);
  const cutting = (async () => {
    for (let nth = 0; nth < 6; nth += 1) {
      const before = night.line.cuts;
      night.line.cutAfterAnswers = 25;
      await eventually(() => night.line.cuts > before);
    }
  })();
  await cutting;
  await eventually(async () => (await night.left()).bad === 0, 90_000);
  const end = await night.reads(message, /12,000 of 12,000|: done/);
  expect(end).not.toContain('failed');
  expect(await night.left()).toEqual({ bad: 0, fine: 12_000 });
}, 180_000);

test('down: whoever asks is told where Redis was sought, an approved purge waits, and begins when it is back', async () => {
  await using night = await startNight();
  await night.fill(50);
  const message = await night.propose();
  night.line.isRefusing = true;
  night.line.cut();
  await night.ask('health', /Redis of payroll .*did not answer/);
  await night.ask('help', /backlog/);
  await night.approve(message);
  await night.reads(message, /approved/);
  expect(await night.left()).toEqual({ bad: 50, fine: 50 });
  night.line.isRefusing = false;
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  expect(await night.left()).toEqual({ bad: 0, fine: 50 });
}, 120_000);

test('failed over to a replica: the purge ends as failed with Redis’s word, and nothing has gone', async () => {
  await using night = await startNight();
  await night.fill(50);
  const message = await night.propose();
  await night.redis.call('REPLICAOF', '127.0.0.1', '1');
  await night.approve(message);
  const end = await night.reads(message, /failed/);
  expect(end).toContain('READONLY');
  expect(await night.left()).toEqual({ bad: 50, fine: 50 });
  await night.ask('health', /replica|writes/i);
  await night.redis.call('REPLICAOF', 'NO', 'ONE');
  const again = await night.propose();
  await night.approve(again);
  await eventually(async () => (await night.left()).bad === 0);
}, 120_000);

test('a queue that a purge has left parked for good is given back when the bot starts', async () => {
  await using night = await startNight();
  await night.fill(3000);
  const parked = 'default~parked-by-poison-control';
  await night.redis.rename('queue:default', `queue:${parked}`);
  await night.redis.sadd('queues', parked);
  await night.bot[Symbol.asyncDispose]();
  await night.startBot();
  await eventually(async () => (await night.redis.llen('queue:default')) === 6000, 30_000);
  expect(await night.redis.smembers('queues')).toEqual(['default']);
}, 120_000);

test('restarted empty: what was approved has nothing left to take, and says so', async () => {
  await using night = await startNight();
  await night.fill(50);
  const message = await night.propose();
  await night.server.kill();
  await night.server.start();
  await night.approve(message);
  await night.reads(message, /: running/);
  expect(await night.stop(message)).toContain('0 jobs were archived');
  await night.ask('health', /payroll/);
}, 120_000);

test('restarted empty in the middle of a purge: it says what Redis lost, and what the archive holds', async () => {
  await using night = await startNight();
  await night.fill(20_000);
  const message = await night.propose();
  await night.approveAndCatch(message, 20_000);
  await night.server.kill();
  night.line.delayMs = 0;
  await night.server.start();
  await night.reads(message, /none left; looks on until/);
  const end = await night.stop(message);
  expect(end).toMatch(/[\d,]+ jobs were archived.* may (still )?be in (Redis|it)/);
}, 120_000);

test('full: a purge is what makes room, so it works where every push is refused', async () => {
  await using night = await startNight({ redis: ['maxmemory-policy noeviction'] });
  await night.fill(6000);
  await night.redis.config('SET', 'maxmemory', '1mb');
  await expect(night.redis.lpush('queue:default', 'x')).rejects.toThrow('OOM');
  await night.ask('health', /refuses|full/i);
  const message = await night.propose();
  await night.approve(message);
  await eventually(async () => (await night.left()).bad === 0, 60_000);
  await eventually(async () => (await night.left()).fine === 6000);
}, 120_000);

test('evicting: health and the plan say so before anybody agrees, and a purge stops when it happens', async () => {
  await using night = await startNight({ redis: ['maxmemory-policy allkeys-lru', 'maxmemory 1gb'] });
  await night.redis.eval(CACHE, 0);
  // Redis counts in seconds: within one of them it cannot tell the cache from the queue.
  await eventually(async () => Number(await night.redis.object('IDLETIME', 'cache:1')) >= 2);
  await night.fill(20_000);
  await night.ask('health', /allowed to throw jobs away/);
  const message = await night.propose();
  expect(await night.reads(message, /Eviction/)).toContain('throws any key away when it is full');
  await night.approveAndCatch(message, 20_000);
  const used = Number(/used_memory:(\d+)/.exec(await night.redis.info('memory'))?.[1]);
  await night.redis.config('SET', 'maxmemory', String(used - 1_000_000));
  await eventually(async () => /evicted_keys:[1-9]/.test(await night.redis.info('stats')));
  await night.redis.config('SET', 'maxmemory', '1gb');
  night.line.delayMs = 0;
  expect(await night.reads(message, /failed/)).toMatch(/has thrown [\d,]+ keys? away since this began/);
  expect(await night.redis.exists('queue:default~parked-by-poison-control')).toBe(0);
  expect((await night.left()).fine).toBe(20_000);
}, 180_000);

test('forbidden commands: what can be read is read, and a purge ends as failed before anything has gone', async () => {
  await using night = await startNight({
    redis: ['rename-command EVALSHA ""', 'rename-command EVAL ""', 'rename-command INFO ""'],
  });
  await night.fill(50);
  await night.ask('health', /payroll/);
  const message = await night.propose();
  await night.approve(message);
  const end = await night.reads(message, /failed/);
  expect(end).toMatch(/Redis refused/);
  expect(await night.left()).toEqual({ bad: 50, fine: 50 });
}, 120_000);
