import { expect, test } from 'vitest';
import { freezeAlerts } from '../../src/core/alerts/memory.ts';
import { freezeMutes } from '../../src/core/alerts/mutes.ts';
import { finish, start } from '../../src/core/approval/run.ts';
import { approve } from '../../src/core/approval/vote.ts';
import { drawHome } from '../../src/flow/home.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { recordsOf } from '../../src/flow/records.ts';
import { RedisUnavailable } from '../../src/ports/reading.ts';
import { type Store, StoreError } from '../../src/ports/store.ts';
import { renderHome } from '../../src/slack/render/home.ts';
import { at, BEN, click, next, PLAN, proposed, RULES, START_MS } from '../core/approval/cast.ts';
import { aMember } from '../people.ts';
import { logInto } from '../slack/bot.ts';
import { HeldClock } from '../slack/held-clock.ts';
import { aPolicy, aSnapshot } from '../snapshots.ts';
import { openOwnStore } from '../store/own-store.ts';

const DANA = aMember('UDANA', 'Dana');

/** Home as Dana sees it, who reads along in `C0OPEN` alone. */
async function drawn(store: Store, channels: readonly string[] = [], isDown = false): Promise<string> {
  const clock = new HeldClock();
  const classes = new Map([
    [
      'Recurring::DisasterJob',
      { isRecurring: true, isProtected: false, owner: '@payroll-platform', note: undefined },
    ],
  ]);
  const policy = aPolicy({ name: 'payroll', channels, classes });
  const observed = {
    policy,
    observe: async () => {
      if (isDown) throw new RedisUnavailable('payroll', 'Redis of payroll refuses connections.', undefined);
      return { snapshot: aSnapshot({ takenAtMs: clock.nowMs() }), samples: [] };
    },
  };
  const desk = {
    store,
    sidekiqs: [{ policy, rules: RULES, actions: [] }],
    directory: {
      person: async () => undefined,
      personNow: async () => DANA,
      membersNow: async () => [],
      channel: async () => undefined,
      mayRead: async (_person: string, channel: string) => channel === 'C0OPEN',
    },
    clock,
    log: logInto([]),
  };
  const calendarOf = () => ({ timezone: 'UTC', holidays: [] });
  const records = recordsOf((read) => read(store), desk, {
    auditKey: undefined,
    keeping: { keepMs: undefined, expiresDebt: false },
    calendarOf,
  });
  const alerts = notesOver(store);
  const home = await drawHome(DANA, { ...desk, observed: [observed as never], records, alerts, calendarOf });
  return JSON.stringify(renderHome(home));
}

test('a sidekiq is shown where it may be asked about anywhere, or where the person can read along', async () => {
  await using store = await openOwnStore();
  expect(await drawn(store)).toContain('payroll');
  expect(await drawn(store, ['C0SHUT', 'C0OPEN'])).toContain('payroll');
  expect(await drawn(store, ['C0SHUT'])).toMatch(/asked about in channels that you are not in/);
  expect(await drawn(store, ['C0SHUT'])).not.toContain('payroll');
});

test('a Redis that is down is said in its place', async () => {
  await using store = await openOwnStore();
  expect(await drawn(store, [], true)).toMatch(/payroll can’t be read:.*refuses connections/);
});

test('a store that is down is said, and hides only what it holds', async () => {
  const store = await openOwnStore();
  const broken = () => Promise.reject(new StoreError('unavailable', 'The disk is gone.'));
  const failing = { ...store, announcement: broken, proposals: broken, samples: broken };
  const words = await drawn(failing);
  expect(words).toContain('threads busy');
  expect(words).toContain('My store could not be read: The disk is gone.');
  await store[Symbol.asyncDispose]();
});

test('muted alerts can be unmuted while their message lives', async () => {
  await using store = await openOwnStore();
  const untilMs = new HeldClock().nowMs() + 60_000;
  const save = (id: string, state: string) =>
    store.saveAnnouncement({ id, version: 1, state, message: null });
  const mutes = new Map(['backlog', 'crash loop'].map((key) => [key, { untilMs, by: 'UBEN' }]));
  await save('mutes/payroll', freezeMutes(mutes, 0));
  const digest = {
    id: 'backlog@5',
    message: { channel: 'C1', id: '1.1' },
    grewAtMs: 5,
    members: [{ key: 'backlog', sinceMs: 5, phase: 'open' as const }],
    shown: '',
  };
  await save('alerts/payroll', freezeAlerts({ state: { alerts: [] }, digests: [digest] }));
  const words = await drawn(store);
  expect(words).toMatch(/Muted alerts.*backlog, by <@UBEN>.*crash loop, by <@UBEN>/);
  expect(words).toContain('"value":"payroll backlog@5"');
  expect(words).not.toContain('Unmute crash loop');
});

test('what a purge has archived is a debt, with its owner', async () => {
  await using store = await openOwnStore();
  const approved = next(approve(proposed(), click(BEN), [], at(START_MS)));
  const started = next(start(approved, { fence: 1, fresh: PLAN, drift: 'same or less' }, at(START_MS)));
  const done = next(finish(started, { fence: 1, result: 'done' }, at(START_MS + 1000)));
  const place = { kind: 'queue', queue: 'default' } as const;
  const jobs = ['a', 'b', 'c'].map((text) => ({ payload: Buffer.from(text), score: undefined }));
  const chunk = await store.packChunk(place, jobs);
  await store.transact(async (tx) => {
    await tx.addProposal({ ...done, version: 1 });
    await tx.addChunk(done.id, 1, chunk);
    await tx.settleChunk(done.id, 1, [true, true, false]);
  });
  const words = await drawn(store);
  expect(words).toMatch(/Purge debt `p1`: `Recurring::DisasterJob`, 2 jobs archived .* ago/);
  expect(words).toContain('Owner: @payroll-platform.');
  expect(words).toContain('Show p1');
});
