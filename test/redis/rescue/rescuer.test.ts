import { expect, test } from 'vitest';
import type { RescueSteps } from '../../../src/ports/acting.ts';
import { openRescuer } from '../../../src/redis/rescue/rescuer.ts';
import { clock, job } from '../reading.ts';
import { killProcess, seedProcess, seedWork } from './seeds.ts';
import { orderOf, type RescueStage, setRescueStage } from './stage.ts';

const BAD = 'Recurring::DisasterJob';
const DEAD = 'worker-1:1:aaaaaaaaaaaa';
const ORPHAN = `queue:sq|${DEAD}|default`;

/** The oldest first, as they stand in the queue for workers. */
async function oldestFirst({ redis }: RescueStage, key: string): Promise<readonly string[]> {
  return (await redis.lrange(key, 0, -1)).toReversed();
}

async function push({ redis }: RescueStage, key: string, jobs: readonly (string | Buffer)[]): Promise<void> {
  for (let from = 0; from < jobs.length; from += 1000)
    await redis.lpush(key, ...jobs.slice(from, from + 1000));
}

const many = (count: number, jobClass = 'PayrollRunJob') =>
  Array.from({ length: count }, (_, index) => job(jobClass, { args: ['x'.repeat(index % 50)] }));

test('what a dead process left goes behind what waits, in its order, byte for byte, and its queue is registered', async () => {
  await using stage = await setRescueStage();
  const [waiting, stranded] = [many(3), many(5000)];
  await push(stage, 'queue:default', waiting);
  await push(stage, ORPHAN, stranded);
  const end = await stage.rescue({ lists: [ORPHAN] });
  expect(end).toEqual({
    type: 'done',
    sentence: 'All of it was worked off.',
    moved: 5000,
    archived: 0,
    kept: 0,
    leftAlone: [],
  });
  expect(await oldestFirst(stage, 'queue:default')).toEqual([...waiting, ...stranded]);
  expect(await stage.redis.exists(ORPHAN)).toBe(0);
  expect(await stage.redis.smembers('queues')).toEqual(['default']);
  expect(stage.progress.at(-1)).toMatchObject({ moved: 5000 });
  expect(stage.waitedMs()).toBe(0);
});

test.each(['LMOVE', 'RPOPLPUSH'])(
  'suspects and what is no job stay where they are, in their order, by %s',
  async (mover) => {
    const config = mover === 'LMOVE' ? [] : ['rename-command LMOVE ""'];
    await using stage = await setRescueStage(config);
    const odd = Buffer.from([0xff, 0x00, 0xfe]);
    const jobs: (string | Buffer)[] = many(2600).map((fine, index) =>
      index % 3 === 0 ? job(BAD) : index % 501 === 7 ? odd : index % 500 === 8 ? 'no json' : fine,
    );
    await push(stage, ORPHAN, jobs);
    const end = await stage.rescue({ lists: [ORPHAN], keep: [BAD] });
    const isFine = (one: string | Buffer) => typeof one === 'string' && one.includes('PayrollRunJob');
    const texts = (some: readonly (string | Buffer)[]) =>
      some.map((one) => Buffer.from(one).toString('latin1'));
    const raw = async (key: string) => texts((await stage.redis.lrangeBuffer(key, 0, -1)).toReversed());
    expect(end).toMatchObject({ type: 'done', moved: jobs.filter(isFine).length });
    expect(end.kept).toBe(jobs.length - end.moved);
    expect(await raw('queue:default')).toEqual(texts(jobs.filter(isFine)));
    expect(await raw(ORPHAN)).toEqual(texts(jobs.filter((one) => !isFine(one))));
  },
);

test('suspects are archived instead if the plan says so, before they leave', async () => {
  await using stage = await setRescueStage();
  const jobs = [...many(700), ...many(5, BAD), ...many(30), ...many(2, BAD)];
  await push(stage, ORPHAN, jobs);
  const end = await stage.rescue({ lists: [ORPHAN], archive: [BAD] });
  expect(end).toMatchObject({ type: 'done', moved: 730, archived: 7, kept: 0 });
  const archived = await stage.archived();
  expect(archived.map(({ payload }) => String(payload))).toEqual(jobs.filter((one) => one.includes(BAD)));
  expect(archived[0]?.place).toEqual({ kind: 'private_list', key: ORPHAN, queue: 'default' });
  expect(await oldestFirst(stage, 'queue:default')).toEqual(jobs.filter((one) => !one.includes(BAD)));
  expect(await stage.store.pendingChunks('r1')).toEqual([]);
});

test('no job of a live owner is moved, whoever lives: by its hash, by a heartbeat, by host and pid', async () => {
  await using stage = await setRescueStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default');
  await seedProcess(redis, DEAD, { version: '7.3.10', isSuper: true });
  await seedProcess(redis, 'lab:77:bbbbbbbbbbbb');
  await redis.set('reliable-fetcher-heartbeat-lab-44-123456789abc', 1);
  await seedProcess(redis, 'old-1:9:cccccccccccc');
  const lists = [
    ORPHAN,
    'working:queue:default:lab:44:123456789abc',
    'working:queue:default:lab:77:123456789abd',
    'queue:default_old-1_0',
    'queue:default_3',
  ];
  for (const key of lists) await push(stage, key, many(3));
  const end = await stage.rescue({ lists });
  expect(end).toMatchObject({ type: 'done', moved: 0 });
  expect(end.leftAlone).toHaveLength(5);
  for (const key of lists) expect(await redis.llen(key)).toBe(3);
});

test('an owner that comes back in the very last moment keeps its jobs', async () => {
  await using stage = await setRescueStage();
  await push(stage, ORPHAN, many(3000));
  const end = await stage.rescue(
    { lists: [ORPHAN] },
    {
      commit: async (step, write) => {
        await stage.store.transact(write);
        if (step.moved > 0) await seedProcess(stage.redis, DEAD);
        return 'go on';
      },
    },
  );
  expect(end.leftAlone.join()).toContain('its owner lives');
  expect(end.moved).toBeGreaterThan(0);
  expect(end.moved + (await stage.redis.llen(ORPHAN))).toBe(3000);
});

test('a list of reliable_fetch is watched for half a minute first, and moved when all of 5.4 holds', async () => {
  await using stage = await setRescueStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', 'mail_bulk');
  await seedProcess(redis, 'old-1:9:cccccccccccc', { isSuper: true, queues: ['mail_bulk'] });
  await seedProcess(redis, 'gone:9:dddddddddddd');
  await killProcess(redis, 'gone:9:dddddddddddd');
  const lists = ['queue:mail_bulk_old-1_0', 'queue:mail_bulk_gone_1', 'queue:mail_bulk_4'];
  for (const key of lists)
    await push(
      stage,
      key,
      many(4).map((one) => one.replace('"default"', '"mail_bulk"')),
    );
  const end = await stage.rescue({ lists });
  expect(end).toMatchObject({ type: 'done', moved: 12, leftAlone: [] });
  expect(stage.waitedMs()).toBeGreaterThanOrEqual(29_900);
  expect(await redis.llen('queue:mail_bulk')).toBe(12);
});

test.each([
  [
    'it changed',
    'changed while it was watched',
    async ({ redis }: RescueStage) => redis.lpush('queue:default_gone_0', job('MailJob')),
  ],
  [
    'a process without super_fetch has started there',
    'a process without super_fetch lives on gone',
    async ({ redis }: RescueStage) => seedProcess(redis, 'gone:1:eeeeeeeeeeee'),
  ],
  [
    'one of its jobs runs elsewhere',
    'a living process runs one of its jobs',
    async ({ redis }: RescueStage) => {
      await seedProcess(redis, 'other:1:eeeeeeeeeeee', { isSuper: true });
      await seedWork(redis, 'other:1:eeeeeeeeeeee', (await redis.lindex('queue:default_gone_0', 1)) ?? '');
    },
  ],
])('a list of reliable_fetch is left alone when, while it was watched, %s', async (_, why, happen) => {
  await using stage = await setRescueStage();
  await stage.redis.sadd('queues', 'default');
  await push(stage, 'queue:default_gone_0', many(4));
  let hasHappened = false;
  const end = await stage.rescue(
    { lists: ['queue:default_gone_0'] },
    {
      pause: async (ms) => {
        if (ms > 0 && !hasHappened) {
          hasHappened = true;
          await happen(stage);
        }
        return 'go on';
      },
    },
  );
  expect(hasHappened).toBe(true);
  expect(end.moved).toBe(0);
  expect(end.leftAlone.join()).toContain(why);
  expect(await stage.redis.llen('queue:default_gone_0')).toBeGreaterThanOrEqual(4);
});

test('with redis-namespace everything is under its prefix, and a heartbeat there counts', async () => {
  await using stage = await setRescueStage();
  const { redis } = stage;
  const list = 'ns:working:queue:default:lab:44:123456789abc';
  await redis.sadd('ns:queues', 'default');
  await redis.lpush(list, job('MailJob'));
  const url = stage.server.url;
  const rescuer = openRescuer({ sidekiq: 'payroll', url, namespace: 'ns', clock, archive: stage.store });
  const steps: RescueSteps = {
    commit: async (_, write) => stage.store.transact(write).then(() => 'go on'),
    pause: async () => 'go on',
  };
  await redis.set('ns:reliable-fetcher-heartbeat-lab-44-123456789abc', 1);
  expect((await rescuer.rescue(orderOf({ lists: [list] }), steps)).moved).toBe(0);
  await redis.del('ns:reliable-fetcher-heartbeat-lab-44-123456789abc');
  expect((await rescuer.rescue(orderOf({ lists: [list] }), steps)).moved).toBe(1);
  await rescuer.close();
  expect(await redis.llen('ns:queue:default')).toBe(1);
});

test('what stays takes no room of what was approved, in however many lists it lies', async () => {
  await using stage = await setRescueStage();
  const other = 'queue:sq|worker-2:1:bbbbbbbbbbbb|default';
  // So few that both are worked off in one step.
  for (const list of [ORPHAN, other]) await push(stage, list, [...many(8, BAD), ...many(4)]);
  const end = await stage.rescue({ lists: [ORPHAN, other], keep: [BAD], cap: 8 });
  expect(end).toMatchObject({ type: 'done', moved: 8, kept: 16 });
});

test('when Redis has forgotten the scripts while a list was watched, it goes on in a new turn', async () => {
  await using stage = await setRescueStage();
  await push(stage, ORPHAN, many(3000));
  let commits = 0;
  const end = await stage.rescue(
    { lists: [ORPHAN] },
    {
      commit: async (_, write) => {
        await stage.store.transact(write);
        commits += 1;
        if (commits === 1) await stage.redis.script('FLUSH');
        return 'go on';
      },
    },
  );
  expect(end).toMatchObject({ type: 'done', moved: 3000 });
  expect(await stage.redis.llen('queue:default')).toBe(3000);
});
