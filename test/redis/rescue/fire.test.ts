import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { RescueEnd } from '../../../src/ports/acting.ts';
import { openStore } from '../../../src/store/open.ts';
import { startRedisServer } from '../../redis-server.ts';
import { Bag, everythingIn } from '../purge/traffic.ts';
import { job } from '../reading.ts';
import { seedProcess } from './seeds.ts';
import { archivedIn } from './stage.ts';

const JOBS = 100_000;
const OWNERS = 40;
const KILLS = 15;
const SUSPECT = 'Recurring::DisasterJob';
const QUEUES = ['ordered', 'default', 'low'];

const identity = (kind: string, index: number) => `${kind}-${index}:1:${String(index).padStart(12, '0')}`;
const listOf = (owner: string, index: number) => `queue:sq|${owner}|${QUEUES[index % QUEUES.length]}`;
const DEAD = Array.from({ length: OWNERS }, (_, index) => listOf(identity('dead', index), index));
const LIVE = Array.from({ length: OWNERS }, (_, index) => listOf(identity('live', index), index));

/** Others who work with the same lists, each as Sidekiq does it, and remember what they did. */
class Others {
  readonly pushed = new Bag();
  readonly done = new Bag();
  /** Jobs of living owners that were gone from their private list when they were done. */
  missing = 0;
  rescued = 0;
  readonly #redis: Redis;
  readonly #ends = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  start(): void {
    const any = <T>(all: readonly T[]) => all[Math.floor(Math.random() * all.length)] as T;
    const produce = async () => {
      const payload = job('PayrollRunJob');
      await this.#redis.lpush(`queue:${any(QUEUES)}`, payload);
      this.pushed.add(payload);
    };
    const work = async () => {
      const index = Math.floor(Math.random() * OWNERS);
      const queue = QUEUES[index % QUEUES.length];
      const list = LIVE[index] ?? '';
      // In this queue the order is looked at afterwards, so nobody takes from it.
      if (queue === 'ordered') return;
      const payload = await this.#redis.lmove(`queue:${queue}`, list, 'RIGHT', 'LEFT');
      if (payload === null) return;
      await pause(3);
      if ((await this.#redis.lrem(list, 1, payload)) === 1) this.done.add(payload);
      else this.missing += 1;
    };
    // What a process that starts does with the lists of the dead (reference: 6.3).
    const startUp = async () => {
      const index = Math.floor(Math.random() * OWNERS);
      const queue = `queue:${QUEUES[index % QUEUES.length]}`;
      for (let count = 0; count < 20; count += 1) {
        if ((await this.#redis.rpoplpush(DEAD[index] ?? '', queue)) === null) return;
        this.rescued += 1;
      }
    };
    this.#running = Promise.all([produce, work, work, startUp].map((act) => this.#repeat(act)));
  }

  async stop(): Promise<void> {
    this.#ends.abort();
    await this.#running;
  }

  async #repeat(act: () => Promise<unknown>): Promise<void> {
    while (!this.#ends.signal.aborted) {
      await act();
      await pause(2);
    }
  }
}

test('between starting processes, producers, workers and kill -9, every job ends in one place or was run once', {
  timeout: 180_000,
}, async () => {
  await using server = await startRedisServer();
  const redis = new Redis(server.url, { enableReadyCheck: false });
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-rescue-fire-'));
  const storeUrl = `sqlite:${join(folder, 'store.sqlite')}`;
  const others = new Others(redis);
  const seeded = new Map<string, readonly string[]>();
  for (let index = 0; index < OWNERS; index += 1) {
    await seedProcess(redis, identity('live', index), { version: '7.3.10', isSuper: true, queues: QUEUES });
    await redis.persist(identity('live', index));
    for (const [lists, count] of [
      [DEAD, JOBS / OWNERS],
      [LIVE, 5],
    ] as const) {
      const jobs = Array.from({ length: count }, (_, nth) => job(nth % 40 === 3 ? SUSPECT : 'PayrollRunJob'));
      await redis.lpush(lists[index] ?? '', ...jobs);
      for (const payload of jobs) others.pushed.add(payload);
      seeded.set(lists[index] ?? '', jobs);
    }
  }
  others.start();

  const order = JSON.stringify({ lists: DEAD, archive: [SUSPECT], cap: JOBS });
  let killed = 0;
  const ends: RescueEnd[] = [];
  const run = async (stepsToLive: number) => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'rescuing-child.ts'), storeUrl, server.url, order],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    let steps = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) ends.push(JSON.parse(line));
      steps += 1;
      if (steps !== stepsToLive) continue;
      if (Math.random() < 0.7) await pause(Math.random() * 8);
      if (child.kill('SIGKILL')) killed += 1;
    }
    await exited;
  };
  while (killed < KILLS && ends.length === 0) await run(1 + Math.floor(Math.random() * 5));
  await others.stop();
  await run(Number.POSITIVE_INFINITY);
  const end = ends.at(-1);
  expect(end).toMatchObject({ type: 'done', kept: 0, leftAlone: [] });

  await using store = await openStore(storeUrl);
  const archived = new Bag();
  for (const { payload } of await archivedIn(store)) archived.add(payload);
  const left = await everythingIn(redis);
  const unaccounted = others.pushed.minus(others.done).minus(left).minus(archived);
  expect([...unaccounted.counts].slice(0, 3)).toEqual([]);
  expect([...archived.counts.keys()].filter((payload) => !payload.includes(SUSPECT))).toEqual([]);
  expect(others.missing).toBe(0);
  expect(others.rescued).toBeGreaterThan(10);
  expect(killed).toBeGreaterThan(2);
  expect(end?.moved).toBeGreaterThan(JOBS / 20);
  expect(await store.pendingChunks('r1')).toEqual([]);
  expect(await redis.exists(...DEAD)).toBe(0);
  for (const [index, list] of LIVE.entries()) {
    if (index % QUEUES.length !== 0) continue;
    expect((await redis.lrange(list, 0, -1)).toReversed()).toEqual(seeded.get(list));
  }
  const ordered = (await redis.lrange('queue:ordered', 0, -1)).toReversed();
  for (const [index, list] of DEAD.entries()) {
    if (index % QUEUES.length !== 0) continue;
    const jobs = (seeded.get(list) ?? []).filter((payload) => !payload.includes(SUSPECT));
    const own = new Set(jobs);
    expect(ordered.filter((payload) => own.has(payload))).toEqual(jobs);
  }
  redis.disconnect();
  await rm(folder, { recursive: true });
});
