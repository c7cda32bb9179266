import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { READING_BUDGET } from '../../src/core/load.ts';
import type { Page } from '../../src/core/sidekiq/page.ts';
import { Faults } from '../../src/redis/answers.ts';
import { type Connection, connect } from '../../src/redis/connect.ts';
import { readSources } from '../../src/redis/job-sources.ts';
import { OwnLoad } from '../../src/redis/own-load.ts';
import { listSource } from '../../src/redis/pages.ts';
import { openPlace } from '../../src/redis/place.ts';
import { clock, job, type Stage, setStage } from './reading.ts';

/** Of a Redis that answers slowly no more is taken than was granted, however long somebody reads. */
const SLOW_MS = 400;
const GRANTED = READING_BUDGET.perSecond.ms / 1000 / 16;
/** While the share still shrinks from all to a sixteenth. */
const FIRST_MS = 4 * SLOW_MS;
const HOUR_MS = 3_600_000;

/** Time that goes on by being waited for, and by asking. */
class Time {
  nowMs = 0;
  busyMs = 0;
  readonly #onTheWay = new Set<Promise<unknown>>();
  readonly load = new OwnLoad({
    sidekiq: 'payroll',
    clock: {
      steadyMs: () => this.nowMs,
      wait: async (ms) => {
        // Pages that are on their way take no longer because somebody rests.
        await Promise.all(this.#onTheWay);
        await setImmediate();
        this.nowMs += ms;
      },
    },
  });

  /** Reads what is in the stage's Redis, each piece taking so long. */
  connect({ server }: Stage): Connection {
    const connection = connect({ sidekiq: 'payroll', url: server.url, load: this.load });
    return { ...connection, exchange: (commands) => this.#slowly(() => connection.exchange(commands)) };
  }

  async ask(): Promise<void> {
    await this.load.count(
      1,
      () => undefined,
      () => this.#slowly(async () => {}),
    );
  }

  /** What was taken, as a part of what was granted over all this time. */
  get taken(): number {
    return (this.busyMs - FIRST_MS) / (GRANTED * this.nowMs);
  }

  async #slowly<T>(work: () => Promise<T>): Promise<T> {
    this.nowMs += SLOW_MS;
    this.busyMs += SLOW_MS;
    const piece = work();
    this.#onTheWay.add(piece);
    return piece.finally(() => this.#onTheWay.delete(piece));
  }
}

test('who asks on and on gets the share that is granted, to the last piece', async () => {
  const time = new Time();
  let pieces = 0;
  while (await time.load.rest(HOUR_MS - time.nowMs)) {
    await time.ask();
    pieces += 1;
  }
  expect(time.load.share).toBe(1 / 16);
  expect(time.nowMs).toBe(HOUR_MS);
  expect(pieces).toBeGreaterThan(200);
  expect(time.taken).toBeGreaterThan(0.9);
  expect(time.taken).toBeLessThan(1.01);
});

test('who has less time than Redis must be left alone is told so when it is over', async () => {
  const time = new Time();
  for (let nth = 0; nth < 10; nth += 1) await time.ask();
  const startedAtMs = time.nowMs;
  expect(await time.load.rest(5000)).toBe(false);
  expect(time.nowMs).toBe(startedAtMs + 5000);
  expect(await time.load.rest(0)).toBe(false);
  expect(await time.load.rest(HOUR_MS)).toBe(true);
});

test('nobody goes on resting for a connection that was closed', async () => {
  const connection = connect({ sidekiq: 'payroll', url: 'redis://127.0.0.1:1' });
  const spent = { read: 0, bytesRead: 0, bytesWritten: 0 };
  await connection.load.count(
    1,
    () => ({ ...spent, bytesRead: 1000 * READING_BUDGET.perSecond.bytes }),
    async () => {},
  );
  const resting = connection.rest(HOUR_MS);
  connection.close();
  expect(await resting).toBe(false);
});

test('a long queue is read within the share, and a short one at once', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  const payload = job('HardJob');
  for (let nth = 0; nth < 40; nth += 1) await redis.rpush('queue:long', ...Array(1000).fill(payload));
  await redis.rpush('queue:short', ...Array(20).fill(payload));
  const time = new Time();
  const connection = time.connect(stage);
  const sourceOf = (queue: string, size: number) => ({
    place: { kind: 'queue' as const, queue },
    source: listSource(`queue:${queue}`),
    size,
  });
  for (let nth = 0; nth < 10; nth += 1) await time.ask();
  let met = 0;
  const count = (_: unknown, page: Page) => {
    met += page.length;
  };
  const short = [sourceOf('short', 20)];
  expect(await readSources(connection, short, () => 8000, count)).toBe(true);
  expect(met).toBe(20);
  const long = [sourceOf('long', 40_000)];
  expect(await readSources(connection, long, () => HOUR_MS - time.nowMs, count)).toBe(true);
  expect(met).toBe(40_020);
  // Ten pieces were asked for by nobody who rests, and of each reading the first pages go at once.
  const atOnceMs = 30 * SLOW_MS;
  expect(time.busyMs - atOnceMs).toBeLessThan(GRANTED * time.nowMs);
  const soonMs = time.nowMs + 1000;
  expect(await readSources(connection, long, () => soonMs - time.nowMs, count)).toBe(false);
  connection.close();
});

test('the keyspace is searched within the share', async () => {
  await using stage = await setStage();
  const fill = "for n = 1, 60000 do redis.call('SET', 'cache:' .. n, '') end";
  await stage.redis.eval(fill, 0);
  const time = new Time();
  const connection = time.connect(stage);
  const { search } = openPlace(connection, { namespace: '', clock });
  await search.advance(HOUR_MS, false, 1, new Faults());
  expect(search.state.isComplete).toBe(true);
  expect(time.busyMs).toBeGreaterThan(40 * SLOW_MS);
  expect(time.taken).toBeLessThan(1.1);
  connection.close();
});
