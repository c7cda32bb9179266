import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { startNight } from './night.ts';

const JOBS = 300_000;
/** What the manifest grants a replica: whoever needs more is killed there. */
const LIMIT_MB = Number(
  /limits: \{ memory: (\d+)Mi \}/.exec(readFileSync('deploy/kubernetes.yml', 'utf8'))?.[1],
);
const LARGE = 'x'.repeat(100_000);

test('memory as the manifest grants it: a purge, and counts beside it, need less, also where jobs suddenly are large', async () => {
  await using night = await startNight();
  await night.fill(JOBS / 2);
  // Newer than all others, and so the last that a purge comes to.
  for (let nth = 0; nth < 20; nth += 1) {
    const some = Array.from({ length: 100 }, () => JSON.stringify({ class: 'LargeJob', args: [LARGE] }));
    await night.redis.lpush('queue:default', ...some);
  }
  const message = await night.propose();
  await night.approve(message);
  await night.ask('backlog', /jobs wait/);
  await night.takesAll(message, JOBS / 2, 120_000);
  await eventually(async () => (await night.redis.llen('queue:default')) === JOBS / 2 + 2000);
  expect(night.bot.peakMb()).toBeLessThan(LIMIT_MB);
}, 240_000);
