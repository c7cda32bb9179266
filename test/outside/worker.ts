import { Redis } from 'ioredis';

/** A Sidekiq process as Redis knows one: it beats, takes its signals, and becomes quiet for good when told to. */
export type Worker = AsyncDisposable & {
  readonly identity: string;
  /** Every signal that it took, in order. */
  readonly signals: readonly string[];
};

export async function startWorker(url: string, host: string, beatMs = 50): Promise<Worker> {
  const redis = new Redis(url);
  const identity = `${host}:1:0123456789ab`;
  const info = JSON.stringify({
    hostname: host,
    pid: 1,
    identity,
    queues: ['default'],
    concurrency: 5,
    version: '7.3.10',
    started_at: Date.now() / 1000,
    embedded: false,
  });
  const signals: string[] = [];
  let isQuiet = false;
  const beat = async () => {
    const fields = { info, busy: 0, beat: Date.now() / 1000, quiet: String(isQuiet), rss: 1000, rtt_us: 1 };
    await redis.multi().sadd('processes', identity).hset(identity, fields).expire(identity, 60).exec();
    const signal = await redis.rpop(`${identity}-signals`);
    if (signal === null) return;
    signals.push(signal);
    if (signal === 'TSTP') isQuiet = true;
  };
  await beat();
  let beating = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, beatMs);
  return {
    identity,
    signals,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await beating;
      await redis.quit();
    },
  };
}
