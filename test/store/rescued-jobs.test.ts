import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RescuedPart } from '../../src/ports/archive.ts';
import { openStore } from '../../src/store/open.ts';
import { DATABASE_NAMES, type Databases, startDatabases } from './databases.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(async () => {
  await databases[Symbol.asyncDispose]();
});

test.each(DATABASE_NAMES)(
  'on %s: what a rescue has moved is read back in order, whatever jids and classes look like',
  async (name) => {
    await using store = await openStore(await databases.createUrl(name));
    const part = (number: number): RescuedPart => ({
      queue: `queue ${number}`,
      jobs: [
        { digest: `${number}`.padStart(32, '0'), jid: undefined, jobClass: 'Plain' },
        { digest: 'f'.repeat(32), jid: 'odd jid\n%', jobClass: 'Odd "Class"\u0000 \ud800' },
      ],
    });
    expect(await store.lastRescued('r1')).toBe(0);
    await store.transact(async (tx) => {
      for (let number = 1; number <= 20; number += 1) await tx.addRescued('r1', number, part(number));
      await tx.addRescued('r2', 1, part(99));
    });
    const read: RescuedPart[] = [];
    for await (const one of store.rescuedJobs('r1')) read.push(one);
    expect(read.map(({ queue }) => queue)).toEqual(
      Array.from({ length: 20 }, (_, index) => `queue ${index + 1}`),
    );
    expect(read[6]?.jobs).toEqual([
      { digest: '7'.padStart(32, '0'), jid: undefined, jobClass: 'Plain' },
      { digest: 'f'.repeat(32), jid: 'odd jid\n%', jobClass: 'Odd "Class"\u0000 \ufffd' },
    ]);
    expect(await store.lastRescued('r1')).toBe(20);
  },
);
