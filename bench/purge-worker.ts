import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Redis } from 'ioredis';

/** A producer and a worker beside the purge, in a thread of their own; tells how long the worker waited for its jobs. */
const [producer, worker] = [new Redis(workerData), new Redis(workerData)];
const waits: number[] = [];
let isStopped = false;
parentPort?.once('message', () => {
  isStopped = true;
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
    if (waits.length === 1) parentPort?.postMessage('ready');
    await pause(4);
  }
}

await Promise.all([produce(), work()]);
producer.disconnect();
worker.disconnect();
waits.sort((one, other) => one - other);
parentPort?.postMessage(waits[Math.floor(waits.length * 0.99)] ?? Number.NaN);
