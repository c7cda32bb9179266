import { expect, test } from 'vitest';
import { dialectOf } from '../../src/sandbox/fleet/dialect.ts';
import { jobText } from '../../src/sandbox/fleet/job.ts';
import { DISASTER } from '../../src/sandbox/fleet/job-class.ts';
import { seededRandom } from '../../src/sandbox/fleet/random.ts';
import { startSidekiq } from '../../src/sandbox/real-sidekiq/supervised.ts';
import { eventually } from '../eventually.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';
import { CHANNEL, setStage } from './stage.ts';

const INNOCENT = ['PayrollRunJob', 'TaxFilingJob', 'EmployeeSyncJob', 'ReportExportJob'];
const HOSTS = ['worker-0', 'worker-1', 'worker-2'];
const random = seededRandom(11);

function job(name: string, queue: string): string {
  return jobText({ ...DISASTER, name, queue }, dialectOf('6.4.1'), Date.now(), random);
}

test('from outside, on real Sidekiq: the class that kills is called likely within five crashes', {
  timeout: 300_000,
}, async () => {
  await using stage = await setStage();
  await using redis = connect(stage.redisUrl);
  const jobs = Array.from({ length: 20_000 }, (_, n) => job(INNOCENT[n % 4] ?? '', 'default'));
  await redis.lpush('queue:default', ...jobs);
  await stage.startBot();
  await using fleet = new AsyncDisposableStack();
  const sidekiqs = await Promise.all(
    HOSTS.map((host) =>
      startSidekiq({
        redisUrl: stage.redisUrl,
        queues: ['maintenance', 'default'],
        concurrency: 5,
        fetcher: 'gitlab-reliable',
        restart: true,
        host,
      }),
    ),
  );
  for (const sidekiq of sidekiqs) fleet.use(sidekiq);

  /** Every living process beats anew as often, and the bot, which looks each second, sees it. */
  const beats = async (times: number): Promise<void> => {
    for (let round = 0; round < times; round += 1) {
      const names = await redis.smembers('processes');
      const before = new Map(
        await Promise.all(names.map(async (id) => [id, await redis.hget(id, 'beat')] as const)),
      );
      await eventually(async () => {
        const now = await redis.smembers('processes');
        const fresh = await Promise.all(
          now.map(
            async (id) => (await redis.hget(id, 'beat')) !== before.get(id) && (await redis.exists(id)) === 1,
          ),
        );
        return fresh.filter(Boolean).length >= HOSTS.length;
      });
    }
  };
  const suspects = async (): Promise<string> => {
    const told = stage.sandbox.people
      .messagesSeenBy('U0ANN', CHANNEL)
      .filter(({ isEphemeral }) => isEphemeral).length;
    await stage.sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq suspects' });
    const answers = await stage.sandbox.people.waitFor(() => {
      const now = stage.sandbox.people
        .messagesSeenBy('U0ANN', CHANNEL)
        .filter(({ isEphemeral }) => isEphemeral);
      return now.length > told ? now : undefined;
    }, 20_000);
    return answers.at(-1)?.text ?? '';
  };

  await beats(6);
  let answer = '';
  let crashes = 0;
  while (crashes < 5 && !answer.includes('is likely killing workers')) {
    const alive = await redis.smembers('processes');
    await redis.lpush('queue:maintenance', job(DISASTER.name, 'maintenance'));
    crashes += 1;
    await eventually(() => sidekiqs.reduce((sum, one) => sum + one.crashes, 0) === crashes);
    // Whoever does not beat again is the dead one; Redis forgets it a minute later, and the test does not wait for that.
    const pids = new Set(sidekiqs.map(({ pid }) => pid));
    const dead = alive.filter((identity) => !pids.has(Number(identity.split(':')[1])));
    await redis.del(...dead.flatMap((identity) => [identity, `${identity}:workers`]));
    for (const identity of dead) {
      const [, pid] = identity.split(':');
      const hearts = await redis.keys(`reliable-fetcher-heartbeat-*-${pid}-*`);
      if (hearts.length > 0) await redis.del(...hearts);
    }
    await beats(2);
    answer = await suspects();
  }
  expect(answer).toContain(`${DISASTER.name} is likely killing workers`);
});
