import type { PurgeSteps } from '../../../src/ports/acting.ts';
import { openPurger } from '../../../src/redis/purge/purger.ts';
import { openStore } from '../../../src/store/open.ts';
import { clock } from '../reading.ts';
import { orderOf } from './stage.ts';

/** A bot that only purges: says each commit, and its end. It is there to be killed in the middle. */
const [storeUrl = '', redisUrl = '', jobClass = '', cutOffMs = ''] = process.argv.slice(2);
const store = await openStore(storeUrl);
const purger = openPurger({ sidekiq: 'payroll', url: redisUrl, namespace: '', clock, archive: store });
const steps: PurgeSteps = {
  commit: async (_, write) => {
    process.stdout.write('before\n');
    await store.transact(write);
    process.stdout.write('after\n');
    return 'go on';
  },
  pause: async () => 'go on',
};
const selection = { jobClass, queues: [], cutOffMs: Number(cutOffMs) };
const end = await purger.purge(orderOf({ selection }), steps);
process.stdout.write(`${JSON.stringify(end)}\n`);
await purger.close();
await store[Symbol.asyncDispose]();
