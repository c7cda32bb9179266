import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import type { Refusal } from '../../../src/core/reply/reply.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { restoring } from '../../../src/flow/actions/restore.ts';
import { ArchiveExpiry } from '../../../src/flow/expire-archives.ts';
import type { Restorer } from '../../../src/ports/acting.ts';
import type { Store } from '../../../src/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { aBacklog, aSidekiq, aSuspicion } from '../../commands/readings.ts';
import { proposed } from '../../core/approval/cast.ts';
import { quietNight } from '../../core/health/nights.ts';
import { disasterNight } from '../../core/suspects/nights.ts';
import { clock } from '../../redis/reading.ts';
import { archiveJobs, DEFAULT, someJob } from '../../redis/restore/stage.ts';

const CLASS = disasterNight().account.ranked[0]?.jobClass ?? '';

let folder = '';
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-restoring-'));
  store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  const jobClass = CLASS;
  const base = proposed();
  const plan = { ...base.plan, action: 'purge', target: jobClass, jobClass, sidekiq: 'payroll' };
  const now = { state: 'cancelled', person: base.requester, endedAtMs: base.proposedAtMs } as const;
  await store.transact((tx) => tx.addProposal({ ...base, id: 'p1', plan, now }));
  await archiveJobs(
    store,
    DEFAULT,
    Array.from({ length: 200 }, () => ({ payload: someJob('x') })),
  );
  await archiveJobs(store, { kind: 'retry_set' }, [{ payload: someJob('y'), score: 1 }]);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const NO_RESTORER: Restorer = {
  restore: async () => ({ type: 'done', sentence: '', restored: 0, uncertain: 0, losses: [] }),
  close: async () => {},
};

async function plan(parameters: object, isCrashing: boolean): Promise<Plan | Refusal> {
  const night = disasterNight();
  const suspicion = aSuspicion(isCrashing ? { account: night.account } : {});
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', suspicion);
  const lastMs = Math.max(...night.account.crashes.map(({ atMs }) => atMs));
  return restoring(sidekiq, NO_RESTORER, store, clock).plan(
    { archive: 'p1', ...parameters },
    lastMs + 60_000,
  );
}

test('while workers crash it is refused; said to be wanted all the same, the plan warns loudly', async () => {
  const no = await plan({ percent: 10 }, true);
  if (!('type' in no)) throw new Error('not refused');
  expect(no.code).toBe('still_crashing');
  expect(plainText(no.reason)).toContain('crashed in the last 15 min');
  expect(plainText(no.reason)).toContain('suspects names');
  expect(no.buttons.map((button) => 'command' in button && button.command)).toContain(
    'restore p1 --percent 10 --despite-crashes on payroll',
  );
  const yes = await plan({ percent: 10, despiteCrashes: true }, true);
  if ('type' in yes) throw new Error('refused');
  expect(yes.sideEffects[0]).toMatch(/^STILL CRASHING: /);
});

test('a share is of all that were archived, and first of what runs at once', async () => {
  const tenth = await plan({ percent: 10 }, false);
  if ('type' in tenth) throw new Error('refused');
  expect(tenth).toMatchObject({ target: 'p1', cap: 21, places: [{ name: 'queue default', count: 21 }] });
  const all = await plan({}, false);
  if ('type' in all) throw new Error('refused');
  expect(all.places).toEqual([
    { name: 'queue default', count: 200 },
    { name: 'retry set', count: 1 },
  ]);
  expect(all.notes?.join(' ')).toContain('become due one after another');
});

test('what may have run in private lists is counted in the plan, and written for who agrees', async () => {
  const list = { kind: 'private_list', key: 'queue:sq|w:1:aaaaaaaaaaaa|default', queue: 'default' } as const;
  const before = await plan({}, false);
  if ('type' in before) throw new Error('refused');
  expect(before.sideEffects.join()).not.toContain('May run twice');
  await archiveJobs(store, list, [{ payload: someJob('z') }, { payload: someJob('z') }]);
  const all = await plan({}, false);
  if ('type' in all) throw new Error('refused');
  expect(all.sideEffects.join()).toContain('May run twice: of the owed jobs 2 may have run already');
  expect(all.notes?.[0]).toContain('each put back at most once');
});

test.each([
  ['the class', CLASS, 'payroll', true],
  ['another class', 'PayrollRunJob', 'payroll', false],
  ['the class in another sidekiq', CLASS, 'ledger', false],
])(
  'nothing goes back while a purge of %s is open, if that would take it out again',
  async (_, target, sidekiq, isRefused) => {
    const base = proposed();
    const purge = { ...base.plan, action: 'purge', target, jobClass: target, sidekiq };
    const now = { state: 'cancelled', person: base.requester, endedAtMs: base.proposedAtMs } as const;
    const id = `o-${sidekiq}-${target}`;
    await store.transact((tx) => tx.addProposal({ ...base, id, plan: purge }));
    const answer = await plan({}, false);
    await store.transact((tx) => tx.replaceProposal({ ...base, id, plan: purge, version: 2, now }));
    if (isRefused) {
      expect(answer).toMatchObject({ code: 'purge_is_open' });
      expect('reason' in answer && plainText(answer.reason)).toContain(`${id} of ${CLASS} is open`);
    } else expect(answer).toMatchObject({ action: 'restore' });
    expect(await plan({}, false)).toMatchObject({ action: 'restore' });
  },
);

test('an archive that nobody knows is no archive', async () => {
  const no = await plan({ archive: 'p9' }, false);
  expect(no).toMatchObject({ code: 'no_archive' });
});

test('what is owed outlives every time limit; written off it goes, with a record and once', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const later = { ...clock, nowMs: () => Date.now() + 1_000_000_000 };
  const keeping = { keepMs: 1, expiresDebt: false };
  const told: string[] = [];
  const tell = async (id: string) => void told.push(id);
  const expiries = [1, 2].map(
    () => new ArchiveExpiry({ store, keeping, tell, timeToForgetBy: later.nowMs, clock: later, log }),
  );
  for (const expiry of expiries) await expiry.expire();
  expect(await store.archives()).toHaveLength(1);
  await store.transact((tx) => tx.writeOffJobs('p1', 'w1'));
  await Promise.all(expiries.map((expiry) => expiry.expire()));
  expect(await store.archives()).toEqual([]);
  const records = await store.latestRecords(10);
  expect(records.map(({ what }) => what)).toEqual(['archive expired']);
  expect(records[0]?.result).toContain('0 were restored, 203 written off');
  // Nobody is owed a word.
  expect(told).toEqual([]);
});
