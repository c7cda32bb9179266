import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { actingCommands } from '../../src/redis/examine.ts';
import { openPurger } from '../../src/redis/purge/purger.ts';
import { openRestorer } from '../../src/redis/restore/restorer.ts';
import { openSignals } from '../../src/redis/signals.ts';
import { blocksOf } from '../docs/pages.ts';
import { BAD, orderOf, setPurgeStage } from './purge/stage.ts';
import { clock, job, reading, type Stage, setStage } from './reading.ts';
import { archiveJobs, DEFAULT, restoreOf, stepsOver } from './restore/stage.ts';

/** A user that docs/redis-user.md gives out, with the name and password of these tests. */
function documented(name: string, as: string): string {
  const line = blocksOf('acl')
    .flatMap(({ lines }) => lines)
    .find((one) => one.startsWith(`user ${name} `));
  return line?.replace(name, as).replace('>PASSWORD', '>secret') ?? '';
}

const DOCUMENTED = documented('poison-control', 'reader');
const ACTING = documented('poison-control-acting', 'actor');

async function seed({ redis }: Stage): Promise<void> {
  const nowS = Date.now() / 1000;
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', job('First'), job('Second'));
  await redis.zadd('retry', nowS - 20, job('Due'), nowS - 10, job('Due'), nowS + 60, job('Later'));
  await redis.zadd('dead', nowS - 7200, job('Old'), nowS - 5, job('New'), nowS - 4, job('New'));
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', job('Stranded'));
  await redis.sadd('processes', 'w:1:0123456789ab');
  await redis.hset('w:1:0123456789ab', { info: '{"hostname":"w","pid":1}', busy: 0, beat: nowS });
  await redis.expire('w:1:0123456789ab', 60);
}

function as(stage: Stage, user: string): string {
  return stage.server.url.replace('redis://', `redis://${user}:secret@`);
}

test('a user with the least reading rights sees the same as one who may do everything', async () => {
  await using stage = await setStage([DOCUMENTED]);
  await seed(stage);
  const all = await stage.snapshot();
  const least = await reading(as(stage, 'reader'), '', (reader) => reader.snapshot());
  expect(least).toEqual({
    ...all,
    takenAtMs: expect.any(Number),
    tookMs: expect.any(Number),
    queues: all.queues.map((queue) => ({ ...queue, latencyMs: expect.any(Number) })),
    processes: all.processes.map((process) => ({ ...process, ttlMs: expect.any(Number) })),
    privateListSearch: { isComplete: true, completedAtMs: expect.any(Number) },
    redis: expect.objectContaining({ role: 'master', version: all.redis.version }),
  });
  expect(least.retrySet).toMatchObject({ size: 3, due: 2 });
  expect(least.deadSet).toMatchObject({ size: 3, addedLastHour: 2 });
  expect(Math.abs(least.takenAtMs - all.takenAtMs)).toBeLessThan(30_000);
  const backlog = await reading(as(stage, 'reader'), '', (reader) =>
    reader.countBacklog({ budgetMs: 10_000 }),
  );
  expect(backlog).toMatchObject({ isExact: true, readCount: 6 });
  const search = { jobClass: 'Due', queues: [], budgetMs: 10_000 };
  const { places, exactness } = await reading(as(stage, 'reader'), '', (reader) => reader.findClass(search));
  expect(places).toEqual([{ name: 'retry set', count: 2 }]);
  expect(exactness.isExact).toBe(true);
});

test('no question of the reader leaves a refusal in the ACL LOG of the user with the least reading rights', async () => {
  await using stage = await setStage([DOCUMENTED]);
  await seed(stage);
  await reading(as(stage, 'reader'), '', async (reader) => {
    const snapshot = await reader.snapshot();
    const nowMs = snapshot.takenAtMs;
    const stranded = snapshot.privateLists.map(({ key }) => key);
    expect(stranded).toHaveLength(1);
    const questions: Record<Exclude<keyof typeof reader, 'close' | 'share'>, () => Promise<unknown>> = {
      snapshot: () => reader.snapshot(),
      countBacklog: () => reader.countBacklog({ budgetMs: 10_000 }),
      findClass: () => reader.findClass({ jobClass: 'Due', queues: [], budgetMs: 10_000 }),
      contentsOf: () => reader.contentsOf(snapshot, 10_000),
      findWaiting: () => reader.findWaiting(new Map([['default', new Set(['a', 'b', 'c'])]]), 10_000),
      remains: () => reader.remains(['w:1:0123456789ab', 'gone:1:0123456789ab']),
      jobsIn: () => reader.jobsIn(stranded, 10),
      traces: () => reader.traces(snapshot),
      classWork: () => reader.classWork(nowMs),
      pastCounts: () => reader.pastCounts(nowMs),
    };
    for (const [name, question] of Object.entries(questions)) {
      await question();
      expect(await stage.redis.acl('LOG'), name).toEqual([]);
    }
  });
});

test('a user with the least rights for acting quiets a process and purges a class from every kind of place', async () => {
  await using stage = await setPurgeStage([ACTING]);
  const { redis, server } = stage;
  const url = server.url.replace('redis://', 'redis://actor:secret@');
  const count = 3000;
  await redis.sadd('queues', 'default', 'short');
  const jobs = Array.from({ length: count }, (_, index) => job(index % 2 === 0 ? BAD : 'FineJob'));
  await redis.lpush('queue:default', ...jobs);
  await redis.lpush('queue:short', job(BAD), job('FineJob'));
  await redis.zadd('retry', 1, job(BAD), 2, job('FineJob'));
  await redis.zadd('schedule', 1, job(BAD));
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', job(BAD));
  await using purger = asDisposable(
    openPurger({ sidekiq: 'payroll', url, namespace: '', clock, archive: stage.store }),
  );
  const end = await purger.purge(orderOf(), {
    commit: async (_, write) => {
      await stage.store.transact(write);
      return 'go on';
    },
    pause: async () => 'go on',
  });
  expect(end).toMatchObject({ type: 'clean', archived: count / 2 + 4, taken: 0 });
  await redis.hset('w:1:0123456789ab', { info: '{}', busy: 1, beat: 1, quiet: 'false' });
  await using signals = asDisposable(openSignals({ sidekiq: 'payroll', url, namespace: '' }));
  expect(await signals.quiet('w:1:0123456789ab', 'a1')).toBe('sent');
  expect(await signals.wasQuieted('a1')).toBe(true);
  expect(await redis.acl('LOG')).toEqual([]);
});

test('the same user puts back what was archived, to queue and to its time, and releases unique locks', async () => {
  await using stage = await setPurgeStage([ACTING]);
  const { redis, server, store } = stage;
  const options = {
    sidekiq: 'payroll',
    url: server.url.replace('redis://', 'redis://actor:secret@'),
    namespace: '',
    clock,
    archive: store,
  };
  const locked = (jid: string) =>
    Buffer.from(JSON.stringify({ class: BAD, jid, lock_digest: 'uniquejobs:1' }));
  const laterS = Math.floor(Date.now() / 1000) + 3600;
  await archiveJobs(store, DEFAULT, [{ payload: locked('j1') }, { payload: locked('j2') }]);
  await archiveJobs(store, { kind: 'scheduled_set' }, [{ payload: locked('j3'), score: laterS }]);
  await using restorer = asDisposable(openRestorer(options));
  const end = await restorer.restore(
    restoreOf(),
    stepsOver(store, () => {}),
  );
  expect(end).toMatchObject({ type: 'done', restored: 3, uncertain: 0 });
  expect([await redis.llen('queue:default'), await redis.zcard('schedule')]).toEqual([2, 1]);
  await redis.set('unique:a', 'j1');
  await redis.hset('uniquejobs:1:LOCKED', 'j1', '1');
  await redis.zadd('uniquejobs:digests', 1, 'uniquejobs:1');
  await using purger = asDisposable(openPurger(options));
  const owner = Buffer.from(JSON.stringify({ class: BAD, jid: 'j1', unique_for: 60 }));
  const removed = async function* () {
    for (const payload of [locked('j1'), owner])
      yield { payload, score: undefined, chunk: 1, index: 0, place: DEFAULT };
  };
  expect(await purger.releaseLocks(removed())).toEqual({ released: 2, heldByOthers: 0, refusals: [] });
  expect(await redis.acl('LOG')).toEqual([]);
});

test('the acting user has the reading rights, and every right that a script needs, and may do no harm besides', async () => {
  const rights = (line: string) => line.split(' ').filter((word) => word.startsWith('+'));
  expect(rights(ACTING)).toEqual(expect.arrayContaining(rights(DOCUMENTED)));
  for (const command of actingCommands()) expect(rights(ACTING)).toContain(`+${command.toLowerCase()}`);
  await using stage = await setStage([ACTING]);
  const actor = new Redis(as(stage, 'actor'), { enableReadyCheck: false });
  for (const [name, ...args] of [
    ['FLUSHDB'],
    ['FLUSHALL'],
    ['KEYS', '*'],
    ['CONFIG', 'GET', '*'],
    ['ACL', 'LIST'],
    ['RENAME', 'a', 'b'],
    ['CLIENT', 'LIST'],
    ['MONITOR'],
    ['PUBLISH', 'a', 'b'],
    ['EVAL', "return redis.call('FLUSHDB')", '0'],
  ] as const) {
    await expect(actor.call(name, ...args), name).rejects.toThrow(
      /NOPERM|can't run this command|ACL failure/,
    );
  }
  actor.disconnect();
});

const asDisposable = <T extends { close(): Promise<void> }>(thing: T) =>
  Object.assign(thing, { [Symbol.asyncDispose]: () => thing.close() });

test('nothing that the reader sends is a write', async () => {
  await using stage = await setStage(['user reader on >secret ~* &* +@all -@write']);
  await seed(stage);
  await reading(as(stage, 'reader'), '', async (reader) => {
    await reader.snapshot();
    await reader.snapshot();
    await reader.countBacklog({ budgetMs: 10_000 });
    await reader.findClass({ jobClass: 'Due', queues: [], budgetMs: 10_000 });
  });
  expect(await stage.redis.acl('LOG')).toEqual([]);
  const before = await stage.redis.info('persistence');
  expect(before).toMatch(/rdb_changes_since_last_save:\d+/);
  const changes = /rdb_changes_since_last_save:(\d+)/.exec(before)?.[1];
  await stage.snapshot();
  await stage.countBacklog();
  expect(/rdb_changes_since_last_save:(\d+)/.exec(await stage.redis.info('persistence'))?.[1]).toBe(changes);
});

test('where INFO, CLIENT, CONFIG, TIME and SCAN are forbidden, what they tell is unknown and the rest is read', async () => {
  await using stage = await setStage([
    'user reader on >secret ~* +@all -info -client -config -time -scan -ping',
  ]);
  await seed(stage);
  const snapshot = await reading(as(stage, 'reader'), '', (reader) => reader.snapshot());
  expect(snapshot.queues).toMatchObject([{ name: 'default', size: 2 }]);
  expect(snapshot.redis).toMatchObject({
    role: 'unknown',
    usedMemoryBytes: undefined,
    writes: { state: 'unknown', reason: 'INFO may not be asked' },
  });
  expect(snapshot.privateListSearch).toEqual({ isComplete: false, completedAtMs: undefined });
  expect(snapshot.faults.map(({ code, where }) => [code, where])).toEqual([
    ['forbidden', 'INFO'],
    ['forbidden', 'SCAN'],
  ]);
  const backlog = await reading(as(stage, 'reader'), '', (reader) =>
    reader.countBacklog({ budgetMs: 10_000 }),
  );
  expect(backlog.isExact).toBe(false);
});

test('a renamed INFO is no different from a forbidden one', async () => {
  await using stage = await setStage(['rename-command INFO ""', 'rename-command CONFIG ""']);
  await stage.redis.sadd('queues', 'default');
  const snapshot = await stage.snapshot();
  expect(snapshot.faults.map(({ where }) => where)).toEqual(['INFO']);
});

test('keys that a user may not see are faults, each by its name', async () => {
  await using stage = await setStage([
    'user reader on >secret ~queue* ~processes ~schedule ~dead ~stat:* +@read +info +time',
  ]);
  await seed(stage);
  const snapshot = await reading(as(stage, 'reader'), '', (reader) => reader.snapshot());
  expect(snapshot.queues).toMatchObject([{ size: 2 }]);
  expect(snapshot.faults.map(({ code, where }) => `${code} ${where}`)).toEqual(
    expect.arrayContaining(['forbidden retry', 'forbidden w:1:0123456789ab', 'forbidden paused']),
  );
});
