import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { CHANNEL, startNight } from '../faults/night.ts';
import { job } from '../redis/reading.ts';
import { killProcess, seedProcess, seedWork } from '../redis/rescue/seeds.ts';

/** Arguments of jobs are personal data: wherever a job lies and whatever is asked, what it was called with stays in Redis and the archive. */

const run = promisify(execFile);
const MARK = 'arguments-must-stay-4711';
const BAD = 'Recurring::DisasterJob';
const DEAD = 'worker-1:1:aaaaaaaaaaaa';
const ALIVE = 'worker-2:1:bbbbbbbbbbbb';

const QUESTIONS: readonly (readonly [string, RegExp])[] = [
  ['health', /jobs wait/],
  ['backlog', /PayrollRunJob/],
  ['backlog default', /PayrollRunJob/],
  ['suspects', /./],
  [`suspects --why ${BAD}`, /./],
  [`purge ${BAD} --plan`, /Recurring::DisasterJob/],
  ['migrate', /stranded/],
  ['report', /./],
  ['actions', /./],
  ['audit', /./],
];

const marked = (jobClass: string) =>
  job(jobClass, { args: [MARK, { person: MARK }], created_at: Date.now() / 1000 - 60 });
const wrapped = (jobClass: string, first: readonly string[] = []) =>
  job('ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper', {
    wrapped: jobClass,
    args: [
      { job_class: jobClass, arguments: [...first, MARK, { _aj_globalid: `gid://app/Person/${MARK}` }] },
    ],
    created_at: Date.now() / 1000 - 60,
  });

test('a marked argument is in no answer, log line, figure or record, and in the archive alone', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await makeGuardedFolder('poison-control-arguments');
  stack.defer(() => folder.remove());
  const databaseUrl = `sqlite:${join(folder.path, 'store.sqlite')}`;
  const port = await findFreePort();
  const night = stack.use(
    await startNight({ databaseUrl, env: { LOG_LEVEL: 'trace', HTTP_PORT: String(port) } }),
  );
  const { redis, sandbox } = night;
  const list = `queue:sq|${DEAD}|default`;
  for (const identity of [DEAD, ALIVE]) {
    await seedProcess(redis, identity, { version: '7.3.10', isSuper: true });
    await seedWork(redis, identity, marked(BAD));
  }
  await killProcess(redis, DEAD);
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', marked(BAD), wrapped(BAD), marked('PayrollRunJob'), wrapped('MailJob'));
  // Of a mail the first arguments are read, for they say which one it is.
  await redis.lpush('queue:default', wrapped('ActionMailer::MailDeliveryJob', ['PayslipMailer', 'monthly']));
  await redis.lpush('queue:default', `{"class":"PayrollRunJob","args":["${MARK}"`, MARK);
  await redis.lpush(list, marked('PayrollRunJob'), marked(BAD), MARK);
  for (const set of ['retry', 'schedule', 'dead'])
    await redis.zadd(set, Date.now() / 1000 + 600, marked(BAD), Date.now() / 1000 + 601, wrapped('MailJob'));
  await redis.sadd('cron_jobs', 'cron_job:nightly');
  await redis.hset('cron_job:nightly', { klass: BAD, cron: '0 2 * * *', status: 'enabled', args: MARK });

  // What goes wrong is logged with what it was about.
  sandbox.faults.failNext('chat.postEphemeral', { kind: 'error', error: 'invalid_blocks' }, 2);
  sandbox.faults.failNext('response_url', { kind: 'http', status: 500 }, 2);
  sandbox.faults.failNext('chat.update', { kind: 'http', status: 500 }, 2);
  for (const [question, words] of QUESTIONS) await night.ask(question, words);
  await sandbox.people.openHome('U0BEN');
  await sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq purge' });
  await sandbox.people.waitFor(() => sandbox.people.modalsOf('U0ANN').at(-1));
  const message = await night.propose();
  await night.approve(message);
  const purged = await night.reads(message, /5 of 5/);
  const [, action = ''] = /^([0-9a-z]{8}), proposed/m.exec(purged) ?? [];
  await night.ask(`actions ${action}`, /purge/);

  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: databaseUrl,
    SIDEKIQ_REDIS_URL: night.server.url,
  };
  const tool = async (...words: string[]) => {
    const { stdout, stderr } = await run('npm', ['run', '-s', ...words], { env });
    return `${stdout}${stderr}`;
  };
  expect(await tool('archive:export', '--', action)).toContain(MARK);
  expect(night.bot.output()).toMatch(/"level":"?(?:warn|error|40|50)/);
  const seen = {
    'what Slack was told': JSON.stringify(sandbox.calls),
    'what people read': JSON.stringify(
      ['U0ANN', 'U0BEN'].map((one) => sandbox.people.messagesSeenBy(one, CHANNEL)),
    ),
    windows: JSON.stringify([sandbox.people.modalsOf('U0ANN'), sandbox.people.homeOf('U0BEN')]),
    metrics: await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    'audit log': await tool('audit:export'),
    terminal: await tool('sidekiq', '--', 'backlog', '--json'),
    log: night.bot.output(),
  };
  for (const [where, text] of Object.entries(seen)) {
    expect(text.length, where).toBeGreaterThan(100);
    expect(text.includes(MARK), where).toBe(false);
  }
}, 120_000);
