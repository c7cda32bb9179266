import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRestorer } from '../../../src/redis/restore/restorer.ts';
import { BAD, setPurgeStage } from '../purge/stage.ts';
import { clock, job } from '../reading.ts';
import {
  archiveJobs,
  counts,
  DEFAULT,
  queued,
  restoreOf,
  setRestoreStage,
  someJob,
  stepsOver,
} from './stage.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-restore-'));
});
afterAll(() => rm(folder, { recursive: true }));

let made = 0;
function setStage() {
  made += 1;
  return setRestoreStage(`sqlite:${join(folder, `${made}.sqlite`)}`);
}

const some = (count: number, label = 'job') =>
  Array.from({ length: count }, (_, index) => ({ payload: someJob(`${label} ${index}`) }));
const texts = (jobs: readonly { readonly payload: Buffer }[]) =>
  jobs.map(({ payload }) => payload.toString('latin1'));

test('jobs go to the back of their queue in their old order, byte for byte, and the queue is registered', async () => {
  await using stage = await setStage();
  const jobs = [...some(120), { payload: Buffer.from([0xff, 0x00, 0x7b, 0x0d, 0x0a]) }];
  await archiveJobs(stage.store, DEFAULT, jobs);
  await stage.redis.lpush('queue:default', 'waits already');
  expect(await stage.restore()).toEqual({
    type: 'done',
    sentence: '',
    restored: 121,
    uncertain: 0,
    losses: [],
  });
  expect(await queued(stage.redis)).toEqual(['waits already', ...texts(jobs)]);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  expect(await stage.store.owedJobs('p1')).toEqual([]);
  expect(await counts(stage.store)).toMatchObject({ restored: 121, uncertain: 0 });
});

test('what was in private lists goes to its own queue, also where only the job itself knows which', async () => {
  await using stage = await setStage();
  const known = some(3);
  const unknown = [
    { payload: someJob('x', 'low') },
    { payload: someJob('y', 'low') },
    { payload: Buffer.from('odd') },
  ];
  await archiveJobs(stage.store, { kind: 'private_list', key: 'queue:sq|a:1:ff|bulk', queue: 'bulk' }, known);
  await archiveJobs(stage.store, { kind: 'private_list', key: 'inproc:?', queue: undefined }, unknown);
  await stage.restore();
  expect(await queued(stage.redis, 'bulk')).toEqual(texts(known));
  expect(await queued(stage.redis, 'low')).toEqual(texts(unknown.slice(0, 2)));
  expect(await queued(stage.redis)).toEqual(['odd']);
  expect((await stage.redis.smembers('queues')).sort()).toEqual(['bulk', 'default', 'low']);
});

test('members of sets keep their time; those that are overdue become due one after another', async () => {
  await using stage = await setStage();
  const nowS = clock.nowMs() / 1000;
  const late = some(4, 'late').map((one) => ({ ...one, score: 1_700_000_000.25 }));
  const due = some(2, 'due').map((one, index) => ({ ...one, score: nowS + 3600.123456 + index }));
  await archiveJobs(stage.store, { kind: 'scheduled_set' }, [...due, ...late], 3);
  await archiveJobs(stage.store, { kind: 'retry_set' }, due);
  await archiveJobs(stage.store, DEFAULT, some(1));
  await stage.restore({ count: 1 });
  expect(await stage.redis.llen('queue:default')).toBe(1);
  expect((await stage.restore({ actionId: 'r2', count: 4, lateGapMs: 60_000 })).restored).toBe(4);
  await stage.restore({ actionId: 'r3', lateGapMs: 60_000 });
  expect(await stage.redis.zcard('schedule')).toBe(6);
  for (const { payload, score } of due) {
    expect(Number(await stage.redis.zscore('schedule', payload))).toBe(score);
    expect(Number(await stage.redis.zscore('retry', payload))).toBe(score);
  }
  const scores = await Promise.all(
    late.map(async ({ payload }) => Number(await stage.redis.zscore('schedule', payload))),
  );
  const gaps = scores.slice(1).map((score, index) => Math.round((score - (scores[index] ?? 0)) / 60));
  expect(scores.every((score) => score >= nowS)).toBe(true);
  expect(gaps.filter((gap) => gap === 1).length).toBeGreaterThanOrEqual(2);
});

test('shares come one after another and leave the rest owed', async () => {
  await using stage = await setStage();
  const jobs = some(130);
  await archiveJobs(stage.store, DEFAULT, jobs);
  for (const [index, count] of [2, 13, Number.MAX_SAFE_INTEGER].entries())
    await stage.restore({ actionId: `r${index}`, count });
  expect(await queued(stage.redis)).toEqual(texts(jobs));
  expect(await counts(stage.store)).toMatchObject({ restored: 130 });
});

test('a full Redis takes none, and none is said to be restored', async () => {
  await using stage = await setStage();
  const jobs = some(700);
  await archiveJobs(stage.store, DEFAULT, jobs.slice(0, 600), 600);
  await archiveJobs(
    stage.store,
    { kind: 'retry_set' },
    jobs.slice(600).map((one) => ({ ...one, score: 1 })),
  );
  await stage.redis.config('SET', 'maxmemory', '1mb');
  const end = await stage.restore();
  expect(end).toMatchObject({ type: 'refused', restored: 0, uncertain: 0 });
  expect(end.sentence).toContain('Redis is full');
  expect(await counts(stage.store)).toMatchObject({ restored: 0, uncertain: 0 });
  expect(await stage.redis.exists('queue:default', 'queues')).toBe(0);
  await stage.redis.config('SET', 'maxmemory', '0');
  await stage.restore({ actionId: 'r2' });
  expect(await queued(stage.redis)).toEqual(texts(jobs.slice(0, 600)));
  expect(await stage.redis.zcard('retry')).toBe(100);
});

test('stopped between two steps it leaves what was not put back owed', async () => {
  await using stage = await setStage();
  const jobs = some(200);
  await archiveJobs(stage.store, DEFAULT, jobs);
  let commits = 0;
  const end = await stage.restore(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        return commits === 3 ? 'stop' : 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'stopped', restored: 100 });
  expect(await queued(stage.redis)).toEqual(texts(jobs.slice(0, 100)));
  await stage.restore({ actionId: 'r2' });
  expect(await queued(stage.redis)).toEqual(texts(jobs));
});

test('a Redis that lost its note gets no job a second time: those on their way are uncertain, the others go back', async () => {
  await using stage = await setStage();
  const jobs = some(150);
  await archiveJobs(stage.store, DEFAULT, jobs);
  class Killed extends Error {}
  let commits = 0;
  const dying = stage.restore(
    {},
    {
      commit: async (_, write) => {
        commits += 1;
        // The second chunk is claimed and pushed; before anything tells of it, the bot dies.
        if (commits === 3) throw new Killed();
        await stage.store.transact(write);
        return 'go on';
      },
    },
  );
  await expect(dying).rejects.toThrow(Killed);
  await stage.redis.flushall();
  const lostAgain = stage.restore(
    {},
    {
      commit: async () => {
        throw new Killed();
      },
    },
  );
  await expect(lostAgain).rejects.toThrow(Killed);
  expect(await stage.restore()).toMatchObject({ type: 'done', restored: 100, uncertain: 50 });
  expect(await queued(stage.redis)).toEqual(texts(jobs.slice(100)));
  expect(await counts(stage.store)).toMatchObject({ restored: 100, uncertain: 50 });
});

test('of two bots that carry out the same restore the elder one does nothing more, and two restores share no job', async () => {
  await using stage = await setStage();
  const jobs = some(300);
  await archiveJobs(stage.store, DEFAULT, jobs, 20);
  const elder = openRestorer({
    sidekiq: 'payroll',
    url: stage.server.url,
    namespace: '',
    clock,
    archive: stage.store,
  });
  let commits = 0;
  const elderEnd = await elder
    .restore(restoreOf(), {
      ...stepsOver(stage.store, () => {}),
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 4) await stage.restore({ fence: 2, count: 200 });
        return 'go on';
      },
    })
    .catch((error: unknown) => error);
  await elder.close();
  expect(elderEnd).not.toMatchObject({ type: 'done' });
  await Promise.all([
    stage.restore({ actionId: 'r2', count: 50 }),
    stage.restore({ actionId: 'r3', fence: 1 }),
  ]);
  expect((await queued(stage.redis)).sort()).toEqual(texts(jobs).sort());
  expect(await counts(stage.store)).toMatchObject({ restored: 300, uncertain: 0 });
});

test('what a purge took from a short queue goes back in the order in which it stood there', async () => {
  await using stage = await setPurgeStage();
  const bad = Array.from({ length: 40 }, () => job(BAD));
  await stage.redis.sadd('queues', 'default');
  await stage.redis.lpush('queue:default', ...bad);
  await stage.purge();
  const restorer = openRestorer({
    sidekiq: 'payroll',
    url: stage.server.url,
    namespace: '',
    clock,
    archive: stage.store,
  });
  await restorer.restore(
    restoreOf(),
    stepsOver(stage.store, () => {}),
  );
  await restorer.close();
  expect(await queued(stage.redis)).toEqual(bad);
});

test('a user that may not push learns it before anything is done', async () => {
  await using stage = await setStage();
  await archiveJobs(stage.store, DEFAULT, some(5));
  await stage.redis.call('ACL', 'SETUSER', 'shy', 'on', '>pw', '~*', '+@all', '-lpush');
  const url = new URL(stage.server.url);
  url.username = 'shy';
  url.password = 'pw';
  const restorer = openRestorer({
    sidekiq: 'payroll',
    url: url.href,
    namespace: '',
    clock,
    archive: stage.store,
  });
  const end = await restorer.restore(
    restoreOf(),
    stepsOver(stage.store, () => {}),
  );
  await restorer.close();
  expect(end).toMatchObject({ type: 'refused', restored: 0 });
  expect(await counts(stage.store)).toMatchObject({ restored: 0, uncertain: 0 });
});
