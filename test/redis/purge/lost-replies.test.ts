import { createServer, connect as dial, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { RedisUnavailable } from '../../../src/ports.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { clock, job } from '../reading.ts';
import { BAD, orderOf, setPurgeStage } from './stage.ts';

/** Between bot and Redis: lets a number of answers through, then swallows what comes and cuts the line. */
class CuttingProxy implements AsyncDisposable {
  cuts = 0;
  readonly #server = createServer((client) => this.#join(client));
  readonly #sockets = new Set<Socket>();
  readonly #target: number;
  readonly #maxCuts: number;

  constructor(target: number, maxCuts: number) {
    this.#target = target;
    this.#maxCuts = maxCuts;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
    return `redis://127.0.0.1:${address.port}/0`;
  }

  #join(client: Socket): void {
    const upstream = dial(this.#target, '127.0.0.1');
    const sockets = [client, upstream];
    const cut = () => {
      for (const socket of sockets) socket.destroy();
    };
    for (const socket of sockets) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    // The first answers are those of the connecting itself.
    let answers = 5 + Math.floor(Math.random() * 60);
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      answers -= 1;
      if (answers > 0 || this.cuts >= this.#maxCuts) client.write(data);
      else {
        this.cuts += 1;
        cut();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

test('with a line that swallows replies and breaks, each job leaves once and is archived once', async () => {
  await using stage = await setPurgeStage();
  await using proxy = new CuttingProxy(stage.server.port, 25);
  const purger = openPurger({
    sidekiq: 'payroll',
    url: await proxy.listen(),
    namespace: '',
    clock,
    archive: stage.store,
  });
  const jobs = Array.from({ length: 40_000 }, (_, index) => job(index % 3 === 0 ? BAD : 'FineJob'));
  await stage.redis.sadd('queues', 'default', 'short');
  for (let from = 0; from < jobs.length; from += 1000)
    await stage.redis.lpush('queue:default', ...jobs.slice(from, from + 1000));
  await stage.redis.lpush('queue:short', ...jobs.slice(0, 900));
  for (const payload of jobs.slice(0, 3000)) await stage.redis.zadd('retry', 1, payload);
  let failures = 0;
  for (let isClean = false; !isClean; ) {
    try {
      const end = await purger.purge(orderOf(), {
        commit: async (_, write) => {
          await stage.store.transact(write);
          return 'go on';
        },
        pause: async () => 'go on',
      });
      isClean = end.type === 'clean';
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      failures += 1;
      // A line that is down refuses at once; without a turn of the event loop it could never come back.
      await new Promise(setImmediate);
    }
  }
  await purger.close();
  expect(proxy.cuts).toBe(25);
  expect(failures).toBeGreaterThan(0);
  const bad = jobs.filter((payload) => payload.includes(BAD));
  const expected = [...bad, ...jobs.slice(0, 900), ...jobs.slice(0, 3000)].filter((payload) =>
    payload.includes(BAD),
  );
  const archived = (await stage.archived()).map(({ payload }) => String(payload));
  expect(archived.sort()).toEqual(expected.sort());
  const rest = (await stage.redis.lrange('queue:default', 0, -1)).reverse();
  expect(rest).toEqual(jobs.filter((payload) => !payload.includes(BAD)));
  expect(await stage.redis.smembers('queues')).toHaveLength(2);
}, 60_000);
