import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

/**
 * A producer and a worker beside the purge, in a process of their own; says when the first job came. It is told twice to go
 * on: first to forget how long the worker waited for its jobs so far, then to stop and say it (99 of 100 times at most, in ms).
 */
const url = process.argv[2] ?? '';
const [producer, worker] = [new Redis(url), new Redis(url)];
const waits: number[] = [];
let isStopped = false;
// Whoever measures may fail, and must not leave it working.
process.once('disconnect', () => process.exit());
process.once('message', () => {
  waits.length = 0;
  process.once('message', () => {
    isStopped = true;
  });
});

async function produce(): Promise<void> {
  for (let number = 0; !isStopped; number += 1) {
    await producer.lpush(
      'queue:default',
      JSON.stringify({ class: 'FineJob', args: [number], jid: `${number}` }),
    );
    await pause(2);
  }
}

async function work(): Promise<void> {
  while (!isStopped) {
    const beganAtMs = performance.now();
    if ((await worker.brpop('queue:default', 1)) !== null) waits.push(performance.now() - beganAtMs);
    await pause(4);
  }
}

await worker.brpop('queue:default', 1);
process.send?.('ready');
await Promise.all([produce(), work()]);
producer.disconnect();
worker.disconnect();
waits.sort((one, other) => one - other);
process.send?.(waits[Math.floor(waits.length * 0.99)] ?? Number.NaN);
process.disconnect?.();
