import { expect, test } from 'vitest';
import type { Alert } from '../../src/core/alerts/alert.ts';
import { freezeAlerts } from '../../src/core/alerts/memory.ts';
import { alertsId } from '../../src/flow/alert.ts';
import { lookAtStore } from '../../src/flow/look-at-bot.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { proposed } from '../core/approval/cast.ts';
import { archiveJobs, DEFAULT, someJob } from '../redis/restore/stage.ts';
import { CLOCK } from '../slack/bot.ts';
import { openOwnStore } from '../store/own-store.ts';

/** What whoever scrapes is told of the store, read from a real one. */

const SIDEKIQS = ['payroll', 'billing'];
const HOUR_MS = 3_600_000;

function anAlert(jobClass: string, phase: Alert['phase']): Alert {
  const counts = { p: 0.9, crashes: 3, allCrashes: 3, workShare: 1, threadsLost: 5, innocentsKilled: 0 };
  const trouble = { kind: 'likely class' as const, jobClass, ...counts };
  return { key: `likely class ${jobClass}`, phase, trouble, sinceMs: 0, phaseAtMs: 0 };
}

test('open alerts are told by their kinds, and a sidekiq whose alerts this version can’t read is left out', async () => {
  await using store = await openOwnStore();
  const notes = notesOver(store);
  const alerts = [anAlert('TaxJob', 'open'), anAlert('MailJob', 'open'), anAlert('OldJob', 'closed')];
  const waiting = [anAlert('NewJob', 'pending'), anAlert('WrongJob', 'corrected')];
  await notes.save(
    alertsId('payroll'),
    freezeAlerts({ state: { alerts: [...alerts, ...waiting] }, digests: [] }),
  );
  expect((await lookAtStore(store, SIDEKIQS, CLOCK))?.openAlerts).toEqual(
    new Map([
      ['payroll', ['likely class', 'likely class']],
      ['billing', []],
    ]),
  );
  await notes.save(alertsId('billing'), JSON.stringify({ version: 99 }));
  const seen = await lookAtStore(store, SIDEKIQS, CLOCK);
  expect([...(seen?.openAlerts.keys() ?? [])]).toEqual(['payroll']);
});

test('a debt is what was taken out and neither put back nor written off, as old as its first job', async () => {
  await using store = await openOwnStore();
  const later = { ...CLOCK, nowMs: () => Date.now() + HOUR_MS };
  const debts = async () => (await lookAtStore(store, SIDEKIQS, later))?.debts;
  const none = { jobs: 0, oldestMs: undefined };
  expect(await debts()).toEqual(new Map(SIDEKIQS.map((name) => [name, none])));

  await store.transact((tx) => tx.addProposal(proposed()));
  await archiveJobs(store, DEFAULT, [{ payload: someJob('a') }, { payload: someJob('b') }]);
  const owed = await debts();
  expect(owed?.get('payroll')?.jobs).toBe(2);
  expect(owed?.get('payroll')?.oldestMs).toBeGreaterThan(HOUR_MS - 1000);
  expect(owed?.get('payroll')?.oldestMs).toBeLessThan(HOUR_MS + 60_000);
  expect(owed?.get('billing')).toEqual(none);

  const one = { actionId: 'p1', chunk: 1, first: 0, jobs: 1 };
  await store.transact(async (tx) => {
    await tx.claimJobs(one, 'p9');
    await tx.settleClaim(one, 1, 'restored');
  });
  expect((await debts())?.get('payroll')?.jobs).toBe(1);
  await store.transact((tx) => tx.writeOffJobs('p1', 'p9'));
  expect((await debts())?.get('payroll')).toEqual(none);
});

test('debts of one sidekiq are told together, as old as the oldest', async () => {
  await using store = await openOwnStore();
  const base = proposed();
  const other = { ...base, id: 'p2', plan: { ...base.plan, target: 'TaxJob', jobClass: 'TaxJob' } };
  await store.transact(async (tx) => {
    await tx.addProposal(base);
    await tx.addProposal(other);
  });
  const archive = { archived: 10, restored: 3, uncertain: 1, writtenOff: 2, firstAtMs: 1000, lastAtMs: 5000 };
  const archives = async () => [
    { ...archive, actionId: 'p2' },
    { ...archive, actionId: 'p1', firstAtMs: 3000 },
  ];
  const clock = { ...CLOCK, nowMs: () => 9000 };
  const seen = await lookAtStore({ ...store, archives }, SIDEKIQS, clock);
  expect(seen?.debts.get('payroll')).toEqual({ jobs: 8, oldestMs: 8000 });
});

test('hundreds of debts over a slow line are told in time, and a few are asked for at once', async () => {
  await using store = await openOwnStore();
  await store.transact((tx) => tx.addProposal(proposed()));
  const archive = { archived: 1, restored: 0, uncertain: 0, writtenOff: 0, firstAtMs: 1000, lastAtMs: 5000 };
  const archives = async () => Array.from({ length: 500 }, () => ({ ...archive, actionId: 'p1' }));
  const patient = { ...CLOCK, wait: () => new Promise<void>(() => {}) };
  const asked = { now: 0, most: 0, rounds: 0 };
  // A round is over when all who could ask have asked: so long is the way to the store, whatever the machine does.
  let arrived = Promise.resolve();
  const proposal = async (id: string) => {
    asked.now += 1;
    asked.most = Math.max(asked.most, asked.now);
    if (asked.now === 1) {
      asked.rounds += 1;
      arrived = new Promise((resolve) => setImmediate(resolve));
    }
    await arrived;
    asked.now -= 1;
    return store.proposal(id);
  };
  const seen = await lookAtStore({ ...store, archives, proposal }, SIDEKIQS, patient);
  expect(seen?.debts.get('payroll')?.jobs).toBe(500);
  expect(asked).toEqual({ now: 0, most: 10, rounds: 50 });
});

test('what is owed by an action that nobody can read is owed all the same', async () => {
  await using store = await openOwnStore();
  await archiveJobs(store, DEFAULT, [{ payload: someJob('a') }]);
  expect((await lookAtStore(store, SIDEKIQS, CLOCK))?.debts.get('(unknown)')?.jobs).toBe(1);
  await store.transact((tx) => tx.addProposal({ ...proposed(), reason: 7 as never }));
  expect(await store.unreadableProposals(9)).toEqual(['p1']);
  const seen = await lookAtStore(store, SIDEKIQS, CLOCK);
  expect(seen?.debts.get('(unknown)')?.jobs).toBe(1);
});

test('a store that fails or hangs is told as one that does not answer', async () => {
  await using store = await openOwnStore();
  const failing = { ...store, archives: () => Promise.reject(new Error('disk I/O error')) };
  expect(await lookAtStore(failing, SIDEKIQS, CLOCK)).toBeUndefined();
  const hanging = { ...store, archives: () => new Promise<never>(() => {}) };
  const atOnce = { ...CLOCK, wait: async () => {} };
  expect(await lookAtStore(hanging, SIDEKIQS, atOnce)).toBeUndefined();
});
