import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { job } from '../redis/reading.ts';
import { killProcess, seedProcess } from '../redis/rescue/seeds.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';
import { actionsOf, auditOf, CHANNEL, current, reads, type Stage, setStage } from './stage.ts';

const DEAD = ['worker-1:1:aaaaaaaaaaaa', 'worker-2:1:bbbbbbbbbbbb'] as const;
const ALIVE = 'worker-3:1:cccccccccccc';
const listOf = (identity: string) => `queue:sq|${identity}|default`;

let stage: Stage;
let redis: ReturnType<typeof connect>;
beforeAll(async () => {
  stage = await setStage();
  redis = connect(stage.redisUrl);
  await stage.startBot();
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  await stage[Symbol.asyncDispose]();
});

const fresh = (jobClass: string) => job(jobClass, { created_at: Date.now(), enqueued_at: Date.now() });

function say(text: string): Promise<unknown> {
  return stage.sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text });
}

function proposal(words: string): Promise<Message> {
  return stage.sandbox.people.waitForMessage(
    'U0BEN',
    ({ text, isEphemeral, threadTs }) => !isEphemeral && threadTs === undefined && text.includes(words),
    20_000,
  );
}

test('from outside: the survey names strategies and stranded jobs, two people rescue them, exactly', async () => {
  await redis.sadd('queues', 'default');
  for (const identity of [...DEAD, ALIVE])
    await seedProcess(redis, identity, { version: '7.3.10', isSuper: true });
  await seedProcess(redis, 'plain-1:1:dddddddddddd', { version: '7.3.10' });
  for (const identity of DEAD) await killProcess(redis, identity);
  const stranded = DEAD.map(() => Array.from({ length: 40 }, () => fresh('PayrollRunJob')));
  const running = [fresh('TaxFilingJob'), fresh('TaxFilingJob')];
  const waiting = [fresh('MailJob')];
  await redis.lpush('queue:default', ...waiting);
  for (const [index, jobs] of stranded.entries()) await redis.lpush(listOf(DEAD[index] ?? ''), ...jobs);
  await redis.lpush(listOf(ALIVE), ...running);

  await say('/sidekiq migrate');
  const survey = await stage.sandbox.people.waitForMessage(
    'U0ANN',
    ({ text, isEphemeral }) => isEphemeral && text.includes('super_fetch migration'),
    20_000,
  );
  expect(survey.text).toContain('mixed, 80 jobs lie stranded in 2 lists of dead owners');
  for (const words of [
    'basic',
    'no sign of super_fetch',
    'member of super_processes',
    '7.3.10',
    DEAD[0],
    'config.super_fetch!',
  ])
    expect(survey.text).toContain(words);

  await say('/sidekiq migrate rescue --reason their hosts were replaced');
  const asked = await proposal('rescue 80 stranded jobs from 2 lists');
  expect(asked.text).toContain('waits for approval');
  expect(asked.text).toContain('80 PayrollRunJob');
  expect(await redis.llen('queue:default')).toBe(1);
  await stage.sandbox.people.pressButton('U0ANN', asked, 'Approve');
  await stage.sandbox.people.pressButton('U0BEN', current(stage, asked), 'Approve');
  const done = await reads(stage, asked, ': done');
  expect(done.text).toContain('80 jobs are back in their queues');
  const now = (await redis.lrange('queue:default', 0, -1)).toReversed();
  expect(now[0]).toBe(waiting[0]);
  for (const jobs of stranded) expect(now.filter((one) => jobs.includes(one))).toEqual(jobs);
  expect(now).toHaveLength(81);
  expect((await redis.lrange(listOf(ALIVE), 0, -1)).toReversed()).toEqual(running);
  expect(await redis.exists(...DEAD.map(listOf))).toBe(0);
  const { verified, records } = await auditOf(stage);
  expect(verified.code).toBe(0);
  expect(records.filter(({ what }) => what === 'done')).toHaveLength(1);

  const printed = await stage.tool('sidekiq -- migrate --json');
  expect(JSON.parse(printed.stdout)).toMatchObject({ stage: 'mixed', stranded: { jobs: 0, lists: 0 } });
}, 60_000);

test('what a rescue has moved is listed by its action, and what still waits can be archived again', async () => {
  const [action] = await actionsOf(stage);
  const id = action?.id ?? '';
  const taken = await redis.rpoplpush('queue:default', 'elsewhere');
  expect(taken).toContain('MailJob');
  const worked = await redis.rpop('queue:default');
  await say(`/sidekiq migrate rescued ${id}`);
  const listed = await stage.sandbox.people.waitForMessage(
    'U0ANN',
    ({ text, isEphemeral }) => isEphemeral && text.includes(`80 jobs were rescued by ${id}`),
    20_000,
  );
  expect(listed.text).toContain('PayrollRunJob');
  const fresher = fresh('PayrollRunJob');
  await redis.lpush('queue:default', fresher);
  await say(`/sidekiq migrate undo ${id} --reason they should not run now`);
  const asked = await proposal(`undo the rescue ${id}: archive 79 jobs that still wait`);
  await stage.sandbox.people.pressButton('U0BEN', asked, 'Approve');
  const done = await reads(stage, asked, ': done');
  expect(done.text).toContain('79 jobs are archived again');
  expect(await redis.lrange('queue:default', 0, -1)).toEqual([fresher]);
  expect(worked).toContain('PayrollRunJob');
}, 60_000);

test('jobs older than a week need a yes of their own', async () => {
  const list = listOf('worker-8:1:eeeeeeeeeeee');
  const old = job('YearEndJob', { created_at: Date.now() - 60 * 86_400_000 });
  await redis.lpush(list, old);
  await say(`/sidekiq migrate rescue --list "${list}" --reason found them`);
  const no = await stage.sandbox.people.waitForMessage(
    'U0ANN',
    ({ text, isEphemeral }) => isEphemeral && text.includes('older than a week'),
    20_000,
  );
  expect(no.text).toContain('1 of YearEndJob, the oldest 60 d');
  await say(`/sidekiq migrate rescue --list "${list}" --with-old --reason they are still wanted`);
  const asked = await proposal('rescue 1 stranded job from 1 list');
  expect(asked.text).toContain('Old jobs: 1 of YearEndJob');
  await stage.sandbox.people.pressButton('U0BEN', asked, 'Approve');
  await reads(stage, asked, ': done');
  expect(await redis.lindex('queue:default', 0)).toBe(old);
}, 60_000);

test('old processes are quieted together once new ones serve their queues; until then it says what is missing', async () => {
  const old = ['plain-1:1:dddddddddddd', 'plain-2:1:eeeeeeeeeeee'];
  for (const identity of [ALIVE, ...old])
    await seedProcess(redis, identity, { version: '7.3.10', isSuper: identity === ALIVE });
  await seedProcess(redis, 'plain-3:1:ffffffffffff', { version: '7.3.10', queues: ['low'] });
  await say('/sidekiq migrate quiet --reason the rollout is through');
  const no = await stage.sandbox.people.waitForMessage(
    'U0ANN',
    ({ text, isEphemeral }) => isEphemeral && text.includes('takes jobs from low'),
    20_000,
  );
  expect(no.text).toContain('Roll out the new release for these queues first');
  await killProcess(redis, 'plain-3:1:ffffffffffff');
  await say('/sidekiq migrate quiet --reason the rollout is through');
  const asked = await proposal('quiet 2 processes without super_fetch');
  await stage.sandbox.people.pressButton('U0BEN', asked, 'Approve');
  for (const identity of old) {
    await eventually(async () => (await redis.llen(`${identity}-signals`)) > 0);
    expect(await redis.lrange(`${identity}-signals`, 0, -1)).toEqual(['TSTP']);
    await redis.hset(identity, 'quiet', 'true');
  }
  const done = await reads(stage, asked, ': done');
  expect(done.text).toContain('2 processes are quiet or have ended');
  expect(await redis.exists(`${ALIVE}-signals`)).toBe(0);
}, 60_000);

test('the migration has a message of its own in the channel, kept current, and a stage that is reached is said once', async () => {
  const { people } = stage.sandbox;
  const isStory = ({ text, isEphemeral, threadTs }: Message) =>
    !isEphemeral &&
    threadTs === undefined &&
    text.includes('migration to super_fetch') &&
    !text.includes('has reached');
  const message = await people.waitForMessage('U0BEN', isStory, 150_000);
  expect(message.text).toMatch(/migration to super_fetch (mixed|to be finished|done)/);
  await redis.persist(ALIVE);
  await redis.srem('processes', 'plain-1:1:dddddddddddd', 'plain-2:1:eeeeeeeeeeee', 'plain-3:1:ffffffffffff');
  await killProcess(redis, 'plain-1:1:dddddddddddd');
  await killProcess(redis, 'plain-2:1:eeeeeeeeeeee');
  await people.waitForMessage('U0BEN', ({ text }) => text.includes('has reached a stage. Done'), 200_000);
  const now = await reads(stage, message, 'migration to super_fetch done', 30_000);
  expect(now.text).toContain('declared complete when it has stayed so for 24 h');
  const told = people
    .messagesSeenBy('U0BEN', CHANNEL)
    .filter(({ text }) => text.includes('has reached a stage. Done'));
  expect(told).toHaveLength(1);
}, 400_000);
