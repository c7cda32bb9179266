import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { job } from '../redis/reading.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';
import { auditOf, CHANNEL, reads, setStage } from './stage.ts';

const LISTS = Array.from(
  { length: 12 },
  (_, index) => `queue:sq|gone-${index}:1:${String(index).padStart(12, '0')}|default`,
);
const JOBS = 700;
const SUSPECT = 'Recurring::DisasterJob';

test('from outside: a bot that is killed in the middle of a rescue goes on when it is started again, and ends exactly', {
  timeout: 120_000,
}, async () => {
  await using stage = await setStage({ approvals: { confirm_from: 1_000_000 } });
  await using redis = connect(stage.redisUrl);
  const seeded = new Map<string, readonly string[]>();
  for (const list of LISTS) {
    const jobs = Array.from({ length: JOBS }, (_, index) =>
      job(index % 10 === 1 ? SUSPECT : 'PayrollRunJob', { created_at: Date.now() }),
    );
    seeded.set(list, jobs);
    await redis.lpush(list, ...jobs);
  }
  const { people } = stage.sandbox;
  let bot = await stage.startBot();
  const text = `/sidekiq migrate rescue --without ${SUSPECT} --archive-suspects --reason the hosts are gone`;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text });
  const message = await people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, threadTs, text: said }) =>
      !isEphemeral && threadTs === undefined && said.includes('rescue 8,400 stranded jobs from 12 lists'),
    20_000,
  );
  await people.pressButton('U0BEN', message, 'Approve');
  await eventually(async () => (await redis.llen('queue:default')) > 0);
  await bot.kill();
  const atKill = await redis.llen('queue:default');
  bot = await stage.startBot();
  const done = await reads(stage, message, ': done', 60_000);
  expect(done.text).toContain('7,560 jobs are back in their queues');
  expect(done.text).toContain('840 jobs of suspects are archived');
  const queue = (await redis.lrange('queue:default', 0, -1)).toReversed();
  expect(queue).toHaveLength(7560);
  expect(atKill).toBeLessThanOrEqual(7560);
  for (const jobs of seeded.values()) {
    const fine = jobs.filter((payload) => !payload.includes(SUSPECT));
    const own = new Set(fine);
    expect(queue.filter((payload) => own.has(payload))).toEqual(fine);
  }
  expect(await redis.exists(...LISTS)).toBe(0);
  const { verified, records } = await auditOf(stage);
  expect(verified.code).toBe(0);
  expect(records.filter(({ what }) => what === 'done')).toHaveLength(1);
  await bot.stop();
});
