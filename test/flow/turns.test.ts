import { expect, test } from 'vitest';
import { holdLease } from '../../src/flow/lease.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { promptly } from '../../src/flow/prompt-store.ts';
import { turnsOver } from '../../src/flow/turns.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Leases } from '../../src/ports/store.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { HeldClock } from '../slack/held-clock.ts';
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

test('who asks a store that says nothing knows that its lease is lost before another can have it, and waits for nothing', async () => {
  await using store = await openOwnStore();
  const clock = new HeldClock();
  const silent: Leases = {
    acquireLease: store.acquireLease.bind(store),
    renewLease: () => new Promise(() => {}),
    releaseLease: () => new Promise(() => {}),
  };
  const lease = await holdLease('action/p1', 'one', silent, { clock, log: logInto([]) });
  // It asks after four seconds, and there are seven more.
  for (const ms of [4000, 7000]) {
    await expect.poll(() => clock.waitsMs).toEqual([ms]);
    expect(lease?.lost.aborted).toBe(false);
    clock.pass(ms);
  }
  await expect.poll(() => lease?.lost.aborted).toBe(true);
  await lease?.[Symbol.asyncDispose]();
});

test('to those who must not wait a store that says nothing is gone after three seconds', async () => {
  await using store = await openOwnStore();
  const clock = new HeldClock();
  const prompt = promptly(store, clock);
  expect(await prompt.evidence('payroll')).toBeUndefined();
  const silent = promptly({ ...store, evidence: NEVER, saveEvidence: NEVER, acquireLease: NEVER }, clock);
  const asked = [
    silent.evidence('payroll'),
    silent.saveEvidence('payroll', { format: 1, body: Buffer.from('') }),
    silent.acquireLease('watch/payroll', 'one', 15_000),
  ].map((answer) => answer.catch((error: unknown) => error));
  clock.pass(3000);
  expect(await Promise.all(asked)).toMatchObject([
    { code: 'unavailable' },
    { code: 'outcome_unknown' },
    { code: 'outcome_unknown' },
  ]);
});

const NEVER = () => new Promise<never>(() => {});

test('what is saved of alerts is loaded again, the newest of two that save at once', async () => {
  await using store = await openOwnStore();
  const alerts = notesOver(store);
  expect(await alerts.load('alerts/payroll')).toBeUndefined();
  await alerts.save('alerts/payroll', '{"a":1}');
  await Promise.all(['{"a":2}', '{"a":3}'].map((text) => alerts.save('alerts/payroll', text)));
  expect(['{"a":2}', '{"a":3}']).toContain(await alerts.load('alerts/payroll'));
});
