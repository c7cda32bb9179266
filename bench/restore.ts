import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { ArchivePlace } from '../src/ports/archive.ts';
import type { Store } from '../src/ports/store.ts';
import { openRestorer } from '../src/redis/restore/restorer.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { openStore } from '../src/store/open.ts';
import { type Benchmark, timed } from './benchmark.ts';
import { ofRounds, ratios } from './figure.ts';
import { clock } from './stage.ts';

const JOBS = 500_000;
const ROUNDS = 3;
const WARM_UP_JOBS = 50_000;
const CHUNK = 2000;
const PAGE = 500;
/** 50,000 jobs a second. */
const AT_MOST_MS = JOBS / 50;
const QUEUE: ArchivePlace = { kind: 'queue', queue: 'default' };

/** Half a million archived jobs put back, durably noted, against merely pushing the same bytes. */
export const restore: Benchmark = {
  name: 'restore',
  run: async () => {
    await using server = await startRedisServer();
    const redis = new Redis(server.url);
    const folder = await mkdtemp(join(tmpdir(), 'poison-control-bench-'));
    const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
    await archive(store);
    // The first one warms the compiler and does not count.
    await restoreIn(server.url, store, WARM_UP_JOBS, 'warm');
    const pushMs: number[] = [];
    const restoreMs: number[] = [];
    const peakMb: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await redis.flushall();
      pushMs.push(await timed(() => pushBare(redis)));
      await redis.flushall();
      let peakBytes = 0;
      const before = process.memoryUsage().rss;
      const watch = setInterval(() => {
        peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
      }, 20);
      restoreMs.push(await timed(() => restoreIn(server.url, store, JOBS, `bench ${round}`)));
      clearInterval(watch);
      peakMb.push(Math.max(0, peakBytes - before) / 1024 / 1024);
      const back = await redis.llen('queue:default');
      if (back !== JOBS) throw new Error(`${back} jobs are back`);
    }
    redis.disconnect();
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    return [
      { what: `bare LPUSH of ${JOBS} jobs, ${PAGE} at once`, ...ofRounds(pushMs), unit: 'ms' },
      { what: `restore of ${JOBS} jobs`, ...ofRounds(restoreMs), unit: 'ms', atMost: AT_MOST_MS },
      { what: '  against bare LPUSH', ...ofRounds(ratios(restoreMs, pushMs)), unit: 'x' },
      {
        what: '  memory that it takes at its peak',
        // What the first took, the next ones find taken already.
        value: Math.max(...peakMb),
        unit: 'MB',
        atMost: 150,
      },
    ];
  },
};

async function restoreIn(url: string, store: Store, count: number, actionId: string): Promise<void> {
  const restorer = openRestorer({ sidekiq: 'bench', url, namespace: '', clock, archive: store });
  const end = await restorer.restore(
    { actionId, fence: 1, archiveId: 'p1', count, lateGapMs: 0 },
    {
      commit: async (_, write) => {
        await store.transact(write);
        return 'go on';
      },
      pause: async () => 'go on',
    },
  );
  await restorer.close();
  if (end.type !== 'done') throw new Error(`the restore ended as ${end.type}: ${end.sentence}`);
}

/** Of each round its own, with as many more as warm the compiler. */
async function archive(store: Store): Promise<void> {
  for (let from = 0, chunk = 1; from < ROUNDS * JOBS + WARM_UP_JOBS; from += CHUNK, chunk += 1) {
    const packed = await store.packChunk(
      QUEUE,
      some(from, CHUNK).map((payload) => ({ payload, score: undefined })),
    );
    await store.transact(async (tx) => {
      await tx.addChunk('p1', chunk, packed);
      await tx.settleChunk('p1', chunk, new Array<boolean>(CHUNK).fill(true));
    });
  }
}

async function pushBare(redis: Redis): Promise<void> {
  for (let from = 0; from < JOBS; from += PAGE) await redis.lpush('queue:default', ...some(from, PAGE));
}

function some(from: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => payload(from + index));
}

/** Three hundred bytes, no two alike. */
function payload(number: number): Buffer {
  const jid = (number * 2_654_435_761).toString(16).padStart(24, '0').slice(-24);
  const seconds = 1_795_454_560 + number / 97;
  const text = JSON.stringify({
    retry: true,
    queue: 'default',
    class: 'Recurring::DisasterJob',
    args: [number, 'company-0042', { run: '2026-11-23', dry: false, note: 'nightly payroll preparation' }],
    jid,
    created_at: seconds,
    enqueued_at: seconds + 0.0004,
    tags: ['payroll'],
  });
  return Buffer.from(text);
}
