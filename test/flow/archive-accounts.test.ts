import { expect, test } from 'vitest';
import type { Archive } from '../../src/core/archive/archive.ts';
import { accountsOf } from '../../src/flow/archive-accounts.ts';
import { StoreError } from '../../src/ports/store.ts';
import { proposed } from '../core/approval/cast.ts';

const NOTHING_OFF = { archived: 7, restored: 0, uncertain: 0, writtenOff: 0, firstAtMs: 1, lastAtMs: 2 };
const ARCHIVES: readonly Archive[] = [
  { ...NOTHING_OFF, actionId: 'newer' },
  { ...NOTHING_OFF, actionId: 'p1' },
];

/** A store whose first action fails to be read so. */
const storeWith = (error: StoreError) => ({
  archives: async () => ARCHIVES,
  proposal: async (id: string) => {
    if (id === 'newer') throw error;
    return proposed();
  },
});

test('an action that only a newer version can read hides no other debt', async () => {
  const store = storeWith(new StoreError('corrupt', 'It was written by a newer version.'));
  const accounts = await accountsOf(store, [], { keepMs: undefined, expiresDebt: false });
  expect(accounts.map(({ actionId, owed }) => [actionId, owed])).toEqual([['p1', 7]]);
});

test('a store that can’t be read is not taken for one without debts', async () => {
  const store = storeWith(new StoreError('unavailable', 'It does not answer.'));
  const accounts = accountsOf(store, [], { keepMs: undefined, expiresDebt: false });
  await expect(accounts).rejects.toMatchObject({ code: 'unavailable' });
});
