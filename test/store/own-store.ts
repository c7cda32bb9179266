import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';

/** A new store in a folder of its own, which goes with it. */
export async function openOwnStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-own-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
