import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { capMemory } from './memory-cap.ts';
import { startNight } from './night.ts';

const JOBS = 300_000;
/** What the manifest grants a replica: whoever needs more is killed there. */
const LIMIT_MB = Number(
  /limits: \{ memory: (\d+)Mi \}/.exec(readFileSync('deploy/kubernetes.yml', 'utf8'))?.[1],
);
const LARGE = 'x'.repeat(100_000);

/** Where the kernel lets nobody cap it, what it was at most is measured all the same. */
test('memory as the manifest grants it, capped by the kernel where we may: a purge beside answers, also where jobs suddenly are large', async () => {
  await using postgres = await startPostgresServer();
  await using memory = (await capMemory(LIMIT_MB)) ?? null;
  await using night = await startNight({
    databaseUrl: await postgres.createDatabase(),
    memory: memory ?? undefined,
  });
  await night.fill(JOBS / 2);
  const message = await night.propose();
  // After all others, and so the last that a purge comes to.
  for (let nth = 0; nth < 20; nth += 1) {
    const some = Array.from({ length: 100 }, () => JSON.stringify({ class: 'LargeJob', args: [LARGE] }));
    await night.redis.lpush('queue:default', ...some);
  }
  await night.approve(message);
  for (const [text, words] of [
    ['backlog', /jobs wait/],
    ['health', /payroll/],
    ['suspects', /./],
  ] as const)
    await night.ask(text, words);
  await night.takesAll(message, JOBS / 2, 180_000);
  await eventually(async () => (await night.redis.llen('queue:default')) === JOBS / 2 + 2000);
  expect(night.bot.peakMb()).toBeLessThan(LIMIT_MB);
  expect((await memory?.kills()) ?? 0).toBe(0);
}, 300_000);
