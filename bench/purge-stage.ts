import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { openPurger } from '../src/redis/purge/purger.ts';
import { openStore } from '../src/store/open.ts';
import { timed } from './benchmark.ts';
import { clock } from './stage.ts';

/** Of this class is half of the jobs, and a purge is to take them. */
export const BAD = 'Recurring::DisasterJob';
const CUT_OFF_MS = 1_900_000_000_000;
const PAGE = 1000;

export async function purgeIn(url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-bench-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  const purger = openPurger({ sidekiq: 'bench', url, namespace: '', clock, archive: store });
  const selection = { jobClass: BAD, queues: [], cutOffMs: CUT_OFF_MS };
  const order = { actionId: 'bench', fence: 1, cap: Number.MAX_SAFE_INTEGER, selection };
  let peakBytes = 0;
  const purgeMs = await timed(async () => {
    const end = await purger.purge(order, {
      commit: async (_, write) => {
        await store.transact(write);
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
        return 'go on';
      },
      pause: async () => 'go on',
    });
    if (end.type !== 'clean') throw new Error(`the purge ended as ${end.type}: ${end.sentence}`);
  });
  const [total] = await store.archiveTotals('bench');
  await purger.close();
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  const ratio = (total?.sizeBytes ?? 0) / (total?.storedBytes ?? 1);
  return { purgeMs, ratio, peakMb: peakBytes / 1024 ** 2 };
}

/** Jobs as they are: no two alike in jid, times or arguments. */
export async function fill(redis: Redis, size: number): Promise<void> {
  await redis.sadd('queues', 'default');
  for (let from = 0; from < size; from += PAGE) {
    const count = Math.min(PAGE, size - from);
    await redis.lpush('queue:default', ...Array.from({ length: count }, (_, index) => payload(from + index)));
  }
}

function payload(number: number): string {
  const jid = createHash('md5').update(String(number)).digest('hex').slice(0, 24);
  const seconds = 1_795_454_560 + number / 97;
  return JSON.stringify({
    retry: true,
    queue: 'default',
    class: Number.parseInt(jid.slice(0, 4), 16) % 2 === 0 ? BAD : 'PayrollRunJob',
    args: [
      number,
      'company-0042',
      { run: '2026-11-23', dry: false, note: 'nightly recurring payroll preparation' },
    ],
    jid,
    created_at: seconds,
    enqueued_at: seconds + 0.0004,
    tags: ['payroll'],
  });
}
