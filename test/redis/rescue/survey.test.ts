import { expect, test } from 'vitest';
import { migrationAnswer } from '../../../src/core/migration/answer.ts';
import { type Survey, surveyFrom } from '../../../src/core/migration/survey.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { printReply } from '../../../src/terminal/print.ts';
import { job, reading, type Stage, setStage } from '../reading.ts';
import { killProcess, seedProcess, seedWork } from './seeds.ts';

async function survey(stage: Stage, suspects: readonly string[] = []): Promise<Survey> {
  return reading(stage.server.url, '', async (reader) => {
    const snapshot = await reader.snapshot();
    const contents = await reader.contentsOf(snapshot, 5000);
    return surveyFrom({
      snapshot,
      contents,
      stillness: new Map(),
      watchedSinceMs: snapshot.takenAtMs,
      suspects,
      tookMs: 1,
    });
  });
}

const move = ({ lists }: Survey, key: string) => lists.find((list) => list.key === key)?.move.may;

test('a mixed fleet: every process with its strategy and evidence, every list with owner, target and whether it may move', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default', 'low', 'mail_bulk');
  await seedProcess(redis, 'new-1:1:aaaaaaaaaaaa', { version: '7.3.10', isSuper: true });
  await seedProcess(redis, 'plain-1:1:bbbbbbbbbbbb', { version: '7.3.10', queues: ['low'] });
  await seedProcess(redis, 'old-1:12:cccccccccccc', { queues: ['mail_bulk'] });
  await seedProcess(redis, 'lab-1:44:dddddddddddd', { queues: ['default'] });
  await seedProcess(redis, 'dead-1:1:eeeeeeeeeeee', { version: '7.3.10', isSuper: true });
  await killProcess(redis, 'dead-1:1:eeeeeeeeeeee');
  await redis.set('reliable-fetcher-heartbeat-lab-1-44-123456789abc', 1, 'EX', 60);

  const orphan = 'queue:sq|dead-1:1:eeeeeeeeeeee|default';
  const live = 'queue:sq|new-1:1:aaaaaaaaaaaa|default';
  const stray = 'queue:sq_dead-9:1:ffffffffffff_low';
  await redis.lpush(orphan, job('PayrollRunJob'), job('Recurring::DisasterJob'), 'no json');
  await redis.lpush(live, job('PayrollRunJob'));
  await redis.lpush(stray, job('PayrollRunJob', { queue: 'low' }));
  await redis.lpush('queue:mail_bulk_old-1_0', job('MailJob', { queue: 'mail_bulk' }));
  await redis.lpush(
    'queue:mail_bulk_old-9_0',
    job('MailJob', { queue: 'mail_bulk', created_at: 1_700_000_000 }),
  );
  await redis.lpush('queue:default_0', job('MailJob'));
  await redis.lpush('queue:low_old-8_0', job('MailJob', { queue: 'low' }), job('MailJob'));
  await redis.lpush('working:queue:default:lab-1:44:123456789abc', job('MailJob'));
  await redis.lpush('working:queue:default:lab-1:45:123456789abd', job('MailJob'));
  await redis.lpush('inproc:gone:1:123456789abe:low', job('MailJob', { queue: 'low' }));
  await redis.lpush('queue:low:working', job('MailJob', { queue: 'low' }));

  const found = await survey(stage, ['Recurring::DisasterJob']);
  const strategies = new Map(found.processes.map(({ hostname, fetch }) => [hostname, fetch]));
  expect(strategies.get('new-1')).toEqual({
    strategy: 'super_fetch',
    evidence: 'it is a member of super_processes',
  });
  expect(strategies.get('plain-1')?.strategy).toBe('basic');
  expect(strategies.get('plain-1')?.evidence).toContain('no sign of super_fetch');
  expect(strategies.get('old-1')).toEqual({
    strategy: 'reliable_fetch',
    evidence: 'queue:mail_bulk_old-1_0 bears the name of its host',
  });
  expect(strategies.get('lab-1')?.strategy).toBe('gitlab_reliable');
  expect(found.processes).toHaveLength(4);

  expect(move(found, orphan)).toBe('now');
  expect(move(found, live)).toBe('later');
  expect(move(found, stray)).toBe('now');
  expect(move(found, 'queue:mail_bulk_old-1_0')).toBe('later');
  expect(move(found, 'queue:mail_bulk_old-9_0')).toBe('now');
  expect(move(found, 'queue:default_0')).toBe('later');
  expect(move(found, 'queue:low_old-8_0')).toBe('never');
  expect(move(found, 'working:queue:default:lab-1:44:123456789abc')).toBe('later');
  expect(move(found, 'working:queue:default:lab-1:45:123456789abd')).toBe('now');
  expect(move(found, 'inproc:gone:1:123456789abe:low')).toBe('now');
  expect(move(found, 'queue:low:working')).toBe('never');

  const list = found.lists.find(({ key }) => key === orphan);
  expect(list).toMatchObject({ ownerState: 'dead', size: 3, suspects: ['Recurring::DisasterJob'] });
  expect(list?.contents).toMatchObject({ notJobs: 1, classes: [{ count: 1 }, { count: 1 }] });
  const old = found.lists.find(({ key }) => key === 'queue:mail_bulk_old-9_0');
  expect(old?.queue).toEqual({ name: 'mail_bulk', knownBy: 'payload' });
  expect(old?.contents?.classes).toMatchObject([{ jobClass: 'MailJob', overWeek: 1 }]);

  expect(found.stage).toMatchObject({ name: 'mixed', withSuperFetch: 1, without: 3 });
  const reply = migrationAnswer(found, []);
  expect(plainText(reply.headline)).toBe(
    'payroll: super_fetch migration mixed, 7 jobs lie stranded in 5 lists of dead owners',
  );
  const printed = printReply(reply, { width: 200, hasColour: false });
  for (const words of [
    'gitlab_reliable',
    'config.super_fetch!',
    '-i',
    'queue:sq_dead-9:1:ffffffffffff_low',
    '2 lists with 2 jobs, later: its owner is alive and runs these jobs',
    'only when some process starts',
  ])
    expect(printed).toContain(words);
});

test('a job that a living process runs keeps its list of reliable_fetch where it is', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default');
  const payload = job('MailJob');
  await redis.lpush('queue:default_gone_0', payload);
  expect(move(await survey(stage), 'queue:default_gone_0')).toBe('now');
  await seedProcess(redis, 'other:1:aaaaaaaaaaaa', { queues: ['low'], version: '7.3.10', isSuper: true });
  await seedWork(redis, 'other:1:aaaaaaaaaaaa', payload);
  expect(move(await survey(stage), 'queue:default_gone_0')).toBe('later');
});
