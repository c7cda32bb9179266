import { openRescuer } from '../../../src/redis/rescue/rescuer.ts';
import { openStore } from '../../../src/store/open.ts';
import { clock } from '../reading.ts';
import { orderOf } from './stage.ts';

/** A bot that only rescues: says each commit, and its end. It is there to be killed in the middle. */
const [storeUrl = '', redisUrl = '', order = '{}'] = process.argv.slice(2);
const store = await openStore(storeUrl);
const rescuer = openRescuer({ sidekiq: 'payroll', url: redisUrl, namespace: '', clock, archive: store });
const end = await rescuer.rescue(orderOf(JSON.parse(order)), {
  commit: async (_, write) => {
    process.stdout.write('before\n');
    await store.transact(write);
    process.stdout.write('after\n');
    return 'go on';
  },
  pause: async () => 'go on',
});
process.stdout.write(`${JSON.stringify(end)}\n`);
await rescuer.close();
await store[Symbol.asyncDispose]();
