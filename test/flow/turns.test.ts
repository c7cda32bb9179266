import { expect, test } from 'vitest';
import { notesOver } from '../../src/flow/notes.ts';
import { turnsOver } from '../../src/flow/turns.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Leases } from '../../src/ports/store.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { openOwnStore } from '../store/own-store.ts';

test('one of two replicas has the turn, and the other gets it when it is given back', async () => {
  await using store = await openOwnStore();
  const life = { clock: CLOCK, log: logInto([]) };
  const [one, other] = [turnsOver(store, 'one', life), turnsOver(store, 'other', life)];
  expect(await one.tryHold('watch/payroll')).toBe(true);
  expect(await other.tryHold('watch/payroll')).toBe(false);
  expect(await other.tryHold('watch/billing')).toBe(true);
  await other.release('watch/payroll');
  expect(await one.tryHold('watch/payroll')).toBe(true);
  await one.release('watch/payroll');
  expect(await other.tryHold('watch/payroll')).toBe(true);
});

test('who froze for longer than its lease has lost the turn, also when nobody took it', async () => {
  await using store = await openOwnStore();
  const held = new AbortController();
  let isFrozen = false;
  const clock: Clock = {
    nowMs: Date.now,
    steadyMs: Date.now,
    // Renewals come when the test lets them.
    wait: (_, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve());
        held.signal.addEventListener('abort', () => resolve());
      }),
  };
  const leases: Leases = {
    acquireLease: store.acquireLease.bind(store),
    releaseLease: store.releaseLease.bind(store),
    renewLease: async () => !isFrozen,
  };
  const turns = turnsOver(leases, 'one', { clock, log: logInto([]) });
  expect(await turns.tryHold('watch/payroll')).toBe(true);
  isFrozen = true;
  held.abort();
  const other = turnsOver(store, 'other', { clock: CLOCK, log: logInto([]) });
  expect(await other.tryHold('watch/payroll')).toBe(false);
  // The lease in the store is its own still, so it may take the turn anew.
  await expect.poll(() => turns.tryHold('watch/payroll')).toBe(true);
  await turns.release('watch/payroll');
  expect(await other.tryHold('watch/payroll')).toBe(true);
  await other.release('watch/payroll');
});

test('what is saved of alerts is loaded again, the newest of two that save at once', async () => {
  await using store = await openOwnStore();
  const alerts = notesOver(store);
  expect(await alerts.load('alerts/payroll')).toBeUndefined();
  await alerts.save('alerts/payroll', '{"a":1}');
  await Promise.all(['{"a":2}', '{"a":3}'].map((text) => alerts.save('alerts/payroll', text)));
  expect(['{"a":2}', '{"a":3}']).toContain(await alerts.load('alerts/payroll'));
});
