import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Payloads by their bytes (as Latin-1 text), each with how often it is there. */
export class Bag {
  readonly counts = new Map<string, number>();

  add(payload: Uint8Array | string, times = 1): void {
    const key = typeof payload === 'string' ? payload : Buffer.from(payload).toString('latin1');
    const count = (this.counts.get(key) ?? 0) + times;
    if (count === 0) this.counts.delete(key);
    else this.counts.set(key, count);
  }

  /** What this one has more of. */
  minus(other: Bag): Bag {
    const rest = new Bag();
    for (const bag of [this, other])
      for (const [payload, count] of bag.counts) rest.add(payload, bag === this ? count : -count);
    return rest;
  }
}

/** All that is in lists and sorted sets now. */
export async function everythingIn(redis: Redis): Promise<Bag> {
  const bag = new Bag();
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const payloads =
      type === 'list'
        ? await redis.lrangeBuffer(key, 0, -1)
        : type === 'zset'
          ? await redis.zrangeBuffer(key, '0', '-1')
          : [];
    for (const payload of payloads) bag.add(payload);
  }
  return bag;
}

/** Producers and workers of several kinds, who note what they pushed and what they took. */
export class Traffic {
  readonly pushed = new Bag();
  readonly taken = new Bag();
  /** What a worker was refused because Redis is full. */
  refusals = 0;
  readonly #redis: Redis;
  readonly #ends = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  start(queues: readonly string[], privateLists: readonly string[], nextJob: () => string): void {
    const pick = <T>(all: readonly T[]) => all[Math.floor(Math.random() * all.length)] as T;
    const produce = async () => {
      const payload = nextJob();
      await this.#redis.lpush(`queue:${pick(queues)}`, payload);
      this.pushed.add(payload);
    };
    const work = async () => {
      const payload = await this.#redis.rpopBuffer(`queue:${pick(queues.slice(1))}`);
      if (payload !== null) this.taken.add(payload);
    };
    const workReliably = async () => {
      const list = pick(privateLists);
      const payload = await this.#redis.lmoveBuffer(`queue:${pick(queues.slice(1))}`, list, 'RIGHT', 'LEFT');
      if (payload === null || Math.random() < 0.5) return;
      if ((await this.#redis.lrem(list, 1, payload)) === 1) this.taken.add(payload);
    };
    const giveBack = () => this.#redis.lmove(pick(privateLists), `queue:${pick(queues)}`, 'RIGHT', 'LEFT');
    const fallDue = async () => {
      const [payload] = await this.#redis.zrangeBuffer('schedule', '0', '0');
      if (payload === undefined || (await this.#redis.zrem('schedule', payload)) === 0) return;
      // Between its two steps a poller holds the job alone, and loses it when Redis is full.
      this.taken.add(payload);
      await this.#redis.lpush(`queue:${pick(queues)}`, payload);
      this.taken.add(payload, -1);
    };
    this.#running = Promise.all(
      [produce, work, workReliably, giveBack, fallDue].map((act) => this.#repeat(act)),
    );
  }

  async stop(): Promise<void> {
    this.#ends.abort();
    await this.#running;
  }

  async #repeat(act: () => Promise<unknown>): Promise<void> {
    while (!this.#ends.signal.aborted) {
      await act().catch((error: Error) => {
        if (!error.message.startsWith('OOM')) throw error;
        this.refusals += 1;
      });
      // About as often as real ones, so that the test's own process can keep up with its books.
      await pause(2);
    }
  }
}
