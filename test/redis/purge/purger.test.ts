import { expect, test } from 'vitest';
import type { PurgeSteps } from '../../../src/ports/acting.ts';
import { eventually } from '../../eventually.ts';
import { job } from '../reading.ts';
import { BAD, setPurgeStage } from './stage.ts';

/** Another application's keys, which a Redis that evicts throws away first: they were not used for longest. */
const CACHE = "for n = 1, 20000 do redis.call('SET', 'cache:' .. n, string.rep('x', 500)) end";
const PARKED = '~parked-by-poison-control';
const texts = (jobs: readonly { payload: Uint8Array }[]) => jobs.map(({ payload }) => String(payload));

const LOST_LIST = 'queue:sq|gone:1:aaaaaaaaaaaa|default';

type Stage = Awaited<ReturnType<typeof setPurgeStage>>;

/** Pushes as Sidekiq does: the last of them is the newest. */
async function fill(stage: Stage, queue: string, jobs: readonly (string | Buffer)[]) {
  await stage.redis.sadd('queues', queue);
  for (let from = 0; from < jobs.length; from += 1000) {
    await stage.redis.lpush(`queue:${queue}`, ...jobs.slice(from, from + 1000));
  }
}

/** What this Redis has sent since its figures were reset. */
const readBytes = async ({ redis }: Stage) =>
  Number(/total_net_output_bytes:(\d+)/.exec(await redis.info('stats'))?.[1]);

const mixed = (count: number) =>
  Array.from({ length: count }, (_, index) => job(index % 3 === 0 ? BAD : `Fine${index % 5}Job`));
const isBad = (payload: string) => payload.includes(BAD);
/** Oldest first, as they were pushed. */
const queued = async (stage: Stage, queue: string) =>
  (await stage.redis.lrange(`queue:${queue}`, 0, -1)).reverse();

test.each([10, 900, 3000, 25_000])(
  'a queue of %i jobs loses the class, and the others keep their order',
  async (count) => {
    await using stage = await setPurgeStage();
    const jobs = mixed(count);
    await fill(stage, 'default', jobs);
    const end = await stage.purge();
    expect(end).toMatchObject({
      type: 'clean',
      archived: jobs.filter(isBad).length,
      taken: 0,
      leftAlone: [],
    });
    expect(await queued(stage, 'default')).toEqual(jobs.filter((payload) => !isBad(payload)));
    expect(texts(await stage.archived()).sort()).toEqual(jobs.filter(isBad).sort());
    expect(await stage.redis.smembers('queues')).toEqual(['default']);
    expect((await stage.redis.keys('*')).sort()).toEqual([
      'poison-control:purge:p1',
      'poison-control:purge:p1:left',
      'queue:default',
      'queues',
    ]);
  },
);

test('few jobs in a long queue are found and taken', async () => {
  await using stage = await setPurgeStage();
  const jobs = Array.from({ length: 30_000 }, (_, index) => job(index === 17_000 ? BAD : 'FineJob'));
  await fill(stage, 'default', jobs);
  await fill(stage, 'other', jobs.slice(0, 3000));
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 1 });
  expect(await queued(stage, 'default')).toEqual(jobs.filter((payload) => !isBad(payload)));
  expect(await queued(stage, 'other')).toEqual(jobs.slice(0, 3000));
});

test('retry and scheduled sets keep their other members and scores, and the archive keeps the scores', async () => {
  await using stage = await setPurgeStage();
  const members = mixed(3000).map((payload, index) => ({
    payload,
    score: 1_795_454_560.1234567 + index / 7,
  }));
  for (const key of ['retry', 'schedule'])
    await stage.redis.zadd(key, ...members.flatMap(({ payload, score }) => [score, payload]));
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 2000 });
  const rest = members.filter(({ payload }) => !isBad(payload));
  for (const key of ['retry', 'schedule']) {
    const kept = await stage.redis.zrange(key, '0', '-1', 'WITHSCORES');
    expect(kept.filter((_, index) => index % 2 === 0)).toEqual(rest.map(({ payload }) => payload));
    const scores = kept.filter((_, index) => index % 2 === 1).map(Number);
    expect(scores).toEqual(rest.map(({ score }) => score));
  }
  const archived = await stage.archived();
  const scores = new Map(members.map(({ payload, score }) => [payload, score]));
  for (const { payload, score, place } of archived) {
    expect(score).toBe(scores.get(String(payload)));
    expect(place.kind).toMatch(/retry_set|scheduled_set/);
  }
});

test('private lists of dead and live owners lose the class, and unknown lists are reported', async () => {
  await using stage = await setPurgeStage();
  const dead = 'queue:sq|gone:1:aaaaaaaaaaaa|default';
  const live = 'queue:sq|here:1:bbbbbbbbbbbb|default';
  const gitlab = 'working:queue:default:gone:1:cccccccccccc';
  const [bad, fine] = [job(BAD), job('FineJob')];
  for (const key of [dead, live, gitlab]) await stage.redis.lpush(key, bad, fine);
  await stage.redis.lpush('somebody:else', bad);
  await stage.redis.hset('here:1:bbbbbbbbbbbb', 'info', '{}', 'beat', '1');
  await stage.redis.sadd('processes', 'here:1:bbbbbbbbbbbb');
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'clean', archived: 3 });
  expect(end.leftAlone).toEqual(['somebody:else belongs to no fetcher that is known.']);
  for (const key of [dead, live, gitlab]) expect(await stage.redis.lrange(key, 0, -1)).toEqual([fine]);
  const places = (await stage.archived()).map(({ place }) => place);
  expect(places).toContainEqual({ kind: 'private_list', key: dead, queue: 'default' });
  // The list of the living is the last one.
  expect(places.at(-1)).toEqual({ kind: 'private_list', key: live, queue: 'default' });
});

test('what only looks like the class stays, to the byte', async () => {
  await using stage = await setPurgeStage();
  const wrapper = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper';
  const decoys = [
    job('FineJob', { args: [{ class: BAD }, `"class":"${BAD}"`] }),
    job(`${BAD}2`),
    job(BAD, { created_at: 1_795_454_600 }),
    job(BAD, { created_at: undefined }),
    job(BAD, { wrapped: 'FineJob' }),
    job(BAD, { created_at: 1_795_454_600_000 }),
    job(BAD).slice(0, -1),
    'no json',
    '',
    Buffer.from(job(BAD).replace('"args"', '"\xff":1,"class":"X","args"'), 'latin1'),
  ];
  const meant = [
    job(BAD, { created_at: 1_795_454_599_999 }),
    JSON.stringify({ args: [], created_at: '2026-11-01T00:00:00Z', class: BAD }),
    job(wrapper, { wrapped: BAD }),
    job(wrapper, { args: [{ job_class: BAD }] }),
    job(BAD).replace('Disaster', '\\u0044isaster'),
  ];
  const padding = Array.from({ length: 3000 }, () => job('FineJob'));
  // Once one by one, once by parking.
  await fill(stage, 'short', [...decoys, ...meant]);
  await fill(stage, 'long', [
    ...padding,
    ...decoys,
    ...meant,
    ...Array.from({ length: 300 }, () => job(BAD)),
  ]);
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 310 });
  const bytes = async (key: string) => (await stage.redis.lrangeBuffer(key, 0, -1)).reverse();
  expect(await bytes('queue:short')).toEqual(decoys.map((raw) => Buffer.from(raw)));
  expect(await bytes('queue:long')).toEqual([...padding, ...decoys].map((raw) => Buffer.from(raw)));
});

test('only the queues that were asked for are touched, in sets by what the job says', async () => {
  await using stage = await setPurgeStage();
  const jobs = ['low', 'high'].map((queue) => job(BAD, { queue }));
  for (const queue of ['low', 'high']) await fill(stage, queue, [job(BAD, { queue })]);
  await stage.redis.zadd('retry', ...jobs.flatMap((payload) => ['1', payload]));
  const selection = { jobClass: BAD, queues: ['low'], cutOffMs: 1_795_454_600_000 };
  expect(await stage.purge({ selection })).toMatchObject({ type: 'clean', archived: 2 });
  expect(await stage.redis.zcard('retry')).toBe(1);
  expect(await stage.redis.llen('queue:high')).toBe(1);
});

test.each([7, 2000])('never more than the cap leaves, here %i', async (cap) => {
  await using stage = await setPurgeStage();
  const jobs = mixed(9000);
  await fill(stage, 'default', jobs);
  expect(await stage.purge({ cap })).toMatchObject({ type: 'cap_reached', archived: cap });
  expect(await stage.redis.llen('queue:default')).toBe(9000 - cap);
  expect(await stage.purge({ cap })).toMatchObject({ type: 'cap_reached', archived: cap });
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  expect(await stage.purge({ cap: 3000 })).toMatchObject({ type: 'clean', archived: 3000 });
});

test('identical payloads are each archived and each removed', async () => {
  await using stage = await setPurgeStage();
  const same = job(BAD);
  await fill(stage, 'short', [same, job('FineJob'), same, same]);
  await fill(
    stage,
    'long',
    Array.from({ length: 2000 }, () => same),
  );
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 2003 });
  expect(texts(await stage.archived())).toEqual(Array.from({ length: 2003 }, () => same));
  expect(await stage.redis.llen('queue:short')).toBe(1);
});

test('stopped in the middle it gives back what is parked, and a second call goes on', async () => {
  await using stage = await setPurgeStage();
  const jobs = mixed(30_000);
  await fill(stage, 'default', jobs);
  let steps = 0;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        steps += 1;
        return steps >= 2 ? 'stop' : 'go on';
      },
    },
  );
  expect(end.type).toBe('stopped');
  expect(end.archived).toBeGreaterThan(0);
  expect(end.archived).toBeLessThan(10_000);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  expect(await stage.redis.llen('queue:default')).toBe(30_000 - end.archived);
  const rest = await queued(stage, 'default');
  expect(rest.filter((payload) => !isBad(payload))).toEqual(jobs.filter((payload) => !isBad(payload)));
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 10_000 });
});

test('a parked queue that a dead bot left is given back, and its jobs keep their order', async () => {
  await using stage = await setPurgeStage();
  const jobs = mixed(3000);
  await fill(stage, `default${PARKED}`, jobs);
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 1000 });
  expect(await queued(stage, 'default')).toEqual(jobs.filter((payload) => !isBad(payload)));
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
});

test('a parked queue that a dead bot left is given back without a purge, whole and in its order', async () => {
  await using stage = await setPurgeStage();
  const [jobs, later] = [mixed(30_000), mixed(10)];
  await fill(stage, `default${PARKED}`, jobs);
  await fill(stage, `low${PARKED}`, jobs.slice(0, 300));
  await fill(stage, 'default', later);
  expect(await stage.purger.parked()).toEqual([`default${PARKED}`, `low${PARKED}`]);
  const end = await stage.purger.giveBackParked({ fence: 1, pause: async () => 'go on' });
  expect(end).toEqual({ stillParked: [], losses: [] });
  expect(await queued(stage, 'default')).toEqual([...later, ...jobs]);
  expect(await queued(stage, 'low')).toEqual(jobs.slice(0, 300));
  expect((await stage.redis.smembers('queues')).sort()).toEqual(['default', 'low']);
  expect(await stage.purger.parked()).toEqual([]);
});

test('nothing is removed when the archive cannot be written', async () => {
  await using stage = await setPurgeStage();
  const jobs = mixed(3000);
  await fill(stage, 'default', jobs);
  await stage.redis.zadd('retry', 1, job(BAD));
  const failing = stage.purge(
    {},
    {
      commit: async () => {
        throw new RangeError('disk full');
      },
    },
  );
  await expect(failing).rejects.toThrow(RangeError);
  expect(await stage.redis.zcard('retry')).toBe(1);
  expect(await stage.redis.llen('queue:default')).toBe(3000);
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 1001 });
});

test('a bot with an older lease does nothing more', async () => {
  await using stage = await setPurgeStage();
  await fill(stage, 'default', mixed(300));
  await stage.purge({ fence: 2, cap: 1 });
  expect(await stage.purge({ fence: 1 })).toMatchObject({ type: 'superseded', archived: 0 });
  expect(await stage.redis.llen('queue:default')).toBe(299);
});

test('keys of another type are survived and left alone', async () => {
  await using stage = await setPurgeStage();
  await fill(stage, 'default', mixed(3000));
  await stage.redis.sadd('queues', 'odd');
  await stage.redis.zadd('queue:odd', 1, job(BAD));
  await stage.redis.set('retry', 'text');
  await stage.redis.lpush('schedule', job(BAD));
  expect(await stage.purge()).toMatchObject({ type: 'clean' });
  expect(await stage.redis.zcard('queue:odd')).toBe(1);
  expect(await stage.redis.get('retry')).toBe('text');
});

test('a user who may not give back does not park, and is told so', async () => {
  await using stage = await setPurgeStage(['user default on nopass ~* &* +@all -lpush']);
  const jobs = mixed(3000);
  await stage.redis.sadd('queues', 'default');
  await stage.redis.rpush('queue:default', ...jobs);
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'refused', archived: 0 });
  expect(end.sentence).toContain('refused');
  expect(await stage.redis.lrange('queue:default', 0, -1)).toEqual(jobs);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
});

test('when Redis has lost its note, a kill before that is settled does not hide what was about to leave', async () => {
  await using stage = await setPurgeStage();
  const jobs = [job(BAD), job(BAD)].map((payload) => ({ payload: Buffer.from(payload), score: undefined }));
  const chunk = await stage.store.packChunk({ kind: 'queue', queue: 'default' }, jobs);
  await stage.store.transact((tx) => tx.addChunk('p1', 1, chunk));
  const killed = stage.purge({}, { commit: () => Promise.reject(new Error('killed')) });
  await expect(killed).rejects.toThrow('killed');
  const notes: string[] = [];
  const commit: PurgeSteps['commit'] = async ({ note }, write) => {
    await stage.store.transact(write);
    notes.push(note);
    return 'go on';
  };
  const end = await stage.purge({}, { commit });
  expect(end).toMatchObject({ type: 'clean', archived: 2 });
  const loss = '2 jobs of it count as archived, and some of them may still be in Redis';
  expect(end.losses.join()).toContain(loss);
  // On record at once: a bot that goes on with it after a kill could not see it any more.
  expect(notes.some((note) => note.includes(loss))).toBe(true);
  // From then on what is pending and was never begun is known not to have left.
  await stage.store.transact((tx) => tx.addChunk('p1', 2, chunk));
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 2, losses: [] });
  expect(await stage.archived()).toHaveLength(2);
});

test('a Redis that refuses writes in the middle of a step: it waits until the step is settled, whoever stops it, and tells all', async () => {
  await using stage = await setPurgeStage();
  const jobs = Array.from({ length: 30_000 }, (_, index) => job(index % 2 === 0 ? BAD : 'FineJob'));
  await stage.redis.sadd('queues', 'default');
  for (let from = 0; from < jobs.length; from += 1000)
    await stage.redis.lpush('queue:default', ...jobs.slice(from, from + 1000));
  let commits = 0;
  const waits: number[] = [];
  const notes: string[] = [];
  const end = await stage.purge(
    {},
    {
      commit: async ({ note }, write) => {
        await stage.store.transact(write);
        notes.push(note);
        commits += 1;
        // From now on not enough replicas are there: every write is refused, and so is the script that tells how far it came.
        if (commits === 2) await stage.redis.config('SET', 'min-replicas-to-write', '1');
        return 'go on';
      },
      pause: async (ms) => {
        if (ms > 0) waits.push(ms);
        if (waits.length === 3) await stage.redis.config('SET', 'min-replicas-to-write', '0');
        return waits.length > 0 ? 'stop' : 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'refused', sentence: expect.stringContaining('NOREPLICAS') });
  expect(waits).toHaveLength(3);
  expect(notes.filter((note) => note.includes('waits to settle its last step'))).toHaveLength(1);
  expect(await stage.store.pendingChunks('p1')).toEqual([]);
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(end.archived).toBe(archived.length);
  const queues = await stage.redis.smembers('queues');
  const left = await Promise.all(queues.map((queue) => stage.redis.lrange(`queue:${queue}`, 0, -1)));
  expect([...archived, ...left.flat()].sort()).toEqual([...jobs].sort());
});

test('a Redis that becomes a replica in the middle and then is none any more: nothing stays parked, though the purge failed', async () => {
  await using stage = await setPurgeStage();
  const jobs = mixed(30_000);
  await fill(stage, 'default', jobs);
  let commits = 0;
  let waits = 0;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 2) await stage.redis.call('REPLICAOF', '127.0.0.1', '1');
        return 'go on';
      },
      pause: async (ms) => {
        if (ms > 0) waits += 1;
        if (waits === 2) await stage.redis.call('REPLICAOF', 'NO', 'ONE');
        return 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'refused', sentence: 'Redis refused it (READONLY).' });
  expect(end.archived).toBeGreaterThan(0);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  const left = await queued(stage, 'default');
  expect(left.filter((payload) => !isBad(payload))).toEqual(jobs.filter((payload) => !isBad(payload)));
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect([...left, ...archived].sort()).toEqual([...jobs].sort());
});

test('a Redis that gives no more pages to read: nothing is cut off unseen, and a later turn takes the rest', async () => {
  await using stage = await setPurgeStage();
  const jobs = mixed(30_000);
  await fill(stage, 'default', jobs);
  let commits = 0;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 1) await stage.redis.call('ACL', 'SETUSER', 'default', '-lrange');
        return 'go on';
      },
    },
  );
  expect(end.type).toBe('refused');
  expect(end.sentence).toMatch(/still parked in default~parked-by-poison-control, .*-q default~parked-by-/);
  const giveBack = () => stage.purger.giveBackParked({ fence: 1, pause: async () => 'go on' });
  expect(await giveBack()).toEqual({ stillParked: [`default${PARKED}`], losses: [] });
  await stage.redis.call('ACL', 'SETUSER', 'default', '-smembers');
  expect(await stage.purger.parked()).toBeUndefined();
  expect(await giveBack()).toEqual({ stillParked: undefined, losses: [] });
  await stage.redis.call('ACL', 'SETUSER', 'default', '+lrange', '+smembers');
  const left = [...(await queued(stage, 'default')), ...(await queued(stage, `default${PARKED}`))];
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect([...left, ...archived].sort()).toEqual([...jobs].sort());
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 10_000 });
  expect(await queued(stage, 'default')).toEqual(jobs.filter((payload) => !isBad(payload)));
});

test.each([
  ['a short queue', 'lrange', (stage: Stage) => fill(stage, 'default', mixed(300))],
  ['a long queue', 'lrange', (stage: Stage) => fill(stage, 'default', mixed(3000))],
  ['the retry set', 'zrange', (stage: Stage) => stage.redis.zadd('retry', '1', job(BAD))],
  ['a private list', 'scan', (stage: Stage) => stage.redis.lpush(LOST_LIST, job(BAD))],
  ['a list of whatever name', 'lindex', (stage: Stage) => stage.redis.lpush('somebody:else', job(BAD))],
  ['a queue without a size', 'llen', (stage: Stage) => fill(stage, 'default', mixed(300))],
  ['the scheduled set', 'zcard', (stage: Stage) => stage.redis.zadd('schedule', '1', job(BAD))],
  ['a Redis without names', 'smembers', (stage: Stage) => fill(stage, 'default', mixed(300))],
])('%s that may not be read is not said to hold none', async (_, command, put) => {
  await using stage = await setPurgeStage([`user default on nopass ~* &* +@all -${command}`]);
  await put(stage);
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'refused', archived: 0, sentence: expect.stringContaining('NOPERM') });
});

test('a queue whose name is no text is a gap in the proof', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.sadd('queues', Buffer.from([0xff, 0xfe]));
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'unproven', sentence: expect.stringContaining('no valid UTF-8') });
});

test('a search that did not come to its end proves nothing, and the end says so', async () => {
  await using stage = await setPurgeStage([], undefined, 0);
  await stage.redis.eval(CACHE, 0);
  await fill(stage, 'default', [job(BAD)]);
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'unproven', archived: 1, sentence: expect.stringContaining('search') });
});

test('a search that an earlier purge left in the middle proves nothing for the next one, though it comes to its end', async () => {
  // Each pass sees a thousand keys, and the whole is three times that.
  await using stage = await setPurgeStage([], undefined, 0);
  await stage.redis.eval(CACHE.replace('20000', '1500'), 0);
  for (let count = 0; count < 3; count += 1) expect(await stage.purge()).toMatchObject({ type: 'unproven' });
});

test('a long queue without the class is no gap in the proof, and is read once in a pass', async () => {
  await using stage = await setPurgeStage();
  const fine = job('FineJob');
  await fill(
    stage,
    'default',
    Array.from({ length: 101_000 }, () => fine),
  );
  await fill(
    stage,
    'middle',
    Array.from({ length: 30_000 }, () => fine),
  );
  await stage.redis.config('RESETSTAT');
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 0, leftAlone: [] });
  expect(await readBytes(stage)).toBeLessThan(1.2 * 131_000 * fine.length);
});

test('a private list that is too long to be worked through is no gap without the class, and one with it', async () => {
  await using stage = await setPurgeStage();
  const fine = Array.from({ length: 1010 }, () => job('FineJob'));
  for (let count = 0; count < 100; count += 1) await stage.redis.lpush(LOST_LIST, ...fine);
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 0, leftAlone: [] });
  await stage.redis.lpush(LOST_LIST, job(BAD));
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'unproven', archived: 0 });
  expect(end.sentence).toBe(`${LOST_LIST} has 101,001 jobs, too many to take some out one by one.`);
});

test('where nothing is open it ends at once when Redis refuses, with what was archived before', async () => {
  await using stage = await setPurgeStage();
  await stage.redis.zadd('retry', '1', job(BAD));
  expect(await stage.purge()).toMatchObject({ type: 'clean', archived: 1 });
  await stage.redis.config('SET', 'min-replicas-to-write', '1');
  const end = await stage.purge();
  expect(end).toMatchObject({ type: 'refused', archived: 1 });
});

test('a parked queue that Redis throws away is told, and its name goes', async () => {
  await using stage = await setPurgeStage();
  await fill(stage, 'default', mixed(30_000));
  let commits = 0;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 2) await stage.redis.del('queue:default~parked-by-poison-control');
        return 'go on';
      },
    },
  );
  expect(end.losses).toEqual([expect.stringContaining('What was left of queue default')]);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
});

test('a Redis that begins to throw keys away stops it at the next step, with nothing parked', async () => {
  await using stage = await setPurgeStage(['maxmemory-policy allkeys-lru', 'maxmemory 1gb']);
  await stage.redis.eval(CACHE, 0);
  // Redis counts in seconds: within one of them it cannot tell the cache from the queue.
  await eventually(async () => Number(await stage.redis.object('IDLETIME', 'cache:1')) >= 2);
  const jobs = mixed(9000);
  await fill(stage, 'default', jobs);
  let pauses = 0;
  const end = await stage.purge(
    {},
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        pauses += 1;
        if (pauses !== 2) return 'go on';
        // A key or two of the cache have to go; the queue, just used, is the last that would. What it uses goes up and down.
        await eventually(async () => {
          const used = Number(/used_memory:(\d+)/.exec(await stage.redis.info('memory'))?.[1]);
          await stage.redis.config('SET', 'maxmemory', String(used - 100_000));
          return /evicted_keys:[1-9]/.test(await stage.redis.info('stats'));
        });
        await stage.redis.config('SET', 'maxmemory', '1gb');
        return 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'refused' });
  expect(end.sentence).toMatch(/has thrown \d+ keys? away since this began \(maxmemory-policy allkeys-lru\)/);
  expect(await stage.redis.exists('queue:default~parked-by-poison-control')).toBe(0);
  expect((await stage.redis.llen('queue:default')) + (await stage.archived()).length).toBe(jobs.length);
});
