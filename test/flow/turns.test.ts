import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alertStoreOver } from '../../src/flow/alert-store.ts';
import { turnsOver } from '../../src/flow/turns.ts';
import { openStore } from '../../src/store/open.ts';

async function aStore() {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-'));
  const store = await openStore(`sqlite:${folder}/store.sqlite`);
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

test('one of two replicas has the turn, and the other gets it when it is given back', async () => {
  await using opened = await aStore();
  const [one, other] = [turnsOver(opened.store, 'one'), turnsOver(opened.store, 'other')];
  expect(await one.tryHold('watch/payroll')).toBe(true);
  expect(await other.tryHold('watch/payroll')).toBe(false);
  expect(await other.tryHold('watch/billing')).toBe(true);
  await other.release('watch/payroll');
  expect(await one.tryHold('watch/payroll')).toBe(true);
  await one.release('watch/payroll');
  expect(await other.tryHold('watch/payroll')).toBe(true);
});

test('what is saved of alerts is loaded again, the newest of two that save at once', async () => {
  await using opened = await aStore();
  const alerts = alertStoreOver(opened.store);
  expect(await alerts.load('alerts/payroll')).toBeUndefined();
  await alerts.save('alerts/payroll', '{"a":1}');
  await Promise.all(['{"a":2}', '{"a":3}'].map((text) => alerts.save('alerts/payroll', text)));
  expect(['{"a":2}', '{"a":3}']).toContain(await alerts.load('alerts/payroll'));
});
