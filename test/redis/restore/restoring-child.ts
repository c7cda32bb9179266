import { openRestorer } from '../../../src/redis/restore/restorer.ts';
import { openStore } from '../../../src/store/open.ts';
import { clock } from '../reading.ts';
import { restoreOf, stepsOver } from './stage.ts';

/** A bot that only restores: says each commit, and its end. It is there to be killed in the middle. */
const [storeUrl = '', redisUrl = '', fence = '1'] = process.argv.slice(2);
const store = await openStore(storeUrl);
const restorer = openRestorer({ sidekiq: 'payroll', url: redisUrl, namespace: '', clock, archive: store });
const steps = stepsOver(store, () => process.stdout.write('after\n'));
const end = await restorer.restore(restoreOf({ fence: Number(fence) }), {
  ...steps,
  commit: (progress, write) => {
    process.stdout.write('before\n');
    return steps.commit(progress, write);
  },
});
process.stdout.write(`${JSON.stringify(end)}\n`);
await restorer.close();
await store[Symbol.asyncDispose]();
