import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carriedBy } from '../../src/core/approval/press.ts';
import type { Proposal } from '../../src/core/approval/proposal.ts';
import { approve } from '../../src/core/approval/vote.ts';
import { type StoredLine, verifyChain } from '../../src/core/audit/verify.ts';
import { driftOf } from '../../src/core/drift.ts';
import type { Desk } from '../../src/flow/desk.ts';
import { ArchiveExpiry } from '../../src/flow/expire-archives.ts';
import type { Guarded } from '../../src/flow/guarded.ts';
import { openGuarding } from '../../src/flow/guarding.ts';
import { openStore } from '../../src/store/open.ts';
import { at, BEN, click, next, PLAN, proposed, RULES, START_MS } from '../core/approval/cast.ts';
import { entryNumber } from '../core/audit/chain.ts';
import { eventually } from '../eventually.ts';
import { aMember, NO_DIRECTORY } from '../people.ts';
import { CLOCK, type LogLine, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';
import { DATABASE_NAMES, type DatabaseName, type Databases, startDatabases } from './databases.ts';

/** A newer bot works on the same store: this one can't read all that it writes, and must go on with the rest. */
let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases[Symbol.asyncDispose]());

/** Of another sidekiq each, for a thing is open only once. */
function ofSidekiq(id: string, sidekiq: string, proposedAtMs = START_MS): Proposal<'proposed'> {
  const first = proposed();
  return { ...first, id, proposedAtMs, plan: { ...first.plan, sidekiq } };
}

/** What this version never writes: a field more in the plan, a field more in the state, a state with a name of its own. */
function fromNextVersion(): readonly Proposal[] {
  const [inPlan, inState, paused] = ['n1', 'n2', 'n3'].map((id) => ofSidekiq(id, id, START_MS + 1));
  if (inPlan === undefined || inState === undefined || paused === undefined) throw new Error('three');
  const onlyOlderThanMs = START_MS - 1;
  const now = { ...inState.now, quorum: 'majority' };
  return [
    { ...inPlan, plan: { ...inPlan.plan, ...{ onlyOlderThanMs } } },
    { ...inState, now },
    { ...paused, now: { ...paused.now, state: 'paused' as 'proposed' } },
  ];
}

const DUE_MS = START_MS + 60 * 60_000;

async function openMixed(name: DatabaseName) {
  const store = await openStore(await databases.createUrl(name));
  await store.transact(async (tx) => {
    for (const one of fromNextVersion()) await tx.addProposal(one);
    for (const id of ['g1', 'g2']) await tx.addProposal(ofSidekiq(id, id));
  });
  return store;
}

function guardingOver(store: Desk['store'], lines: LogLine[], nowMs: number) {
  const deed: Guarded = {
    name: PLAN.action,
    plan: async () => ({ ...PLAN, sidekiq: 'g1' }),
    drift: driftOf,
    describe: () => ({ headline: ['do it'], details: [] }),
    carryOut: async () => ({ type: 'done', result: 'all of it' }),
  };
  const desk: Desk = {
    store,
    directory: NO_DIRECTORY,
    clock: { ...CLOCK, nowMs: () => nowMs },
    log: logInto(lines),
    sidekiqs: [{ policy: aPolicy({ name: 'g1' }), rules: RULES, actions: [deed] }],
  };
  const chat = { post: async () => ({ channel: 'C1', id: '1' }), update: async () => {} };
  return openGuarding(desk, { chat, holder: 'old', newId: () => 'x', auditChannel: undefined });
}

describe.each(DATABASE_NAMES)('on %s', (name) => {
  test('what a newer version wrote hides none of the others, however little is asked for', async () => {
    await using store = await openMixed(name);
    for (const limit of [1, 2, 50]) {
      const ids = (await store.proposals({ limit })).map(({ id }) => id);
      expect(ids).toEqual(['g2', 'g1'].slice(0, limit));
      const overdue = (await store.overdueProposals(DUE_MS, limit)).map(({ id }) => id);
      expect(overdue).toEqual(['g1', 'g2'].slice(0, limit));
    }
    expect((await store.unreadableProposals(50)).toSorted()).toEqual(['n1', 'n2', 'n3']);
    await expect(store.proposals({ limit: 50, isWhole: true })).rejects.toMatchObject({ code: 'corrupt' });
    await expect(store.proposal('n1')).rejects.toThrow(/newer version of the bot wrote it/);
  });

  test('beside it what is approved is carried out, what is overdue expires, and the log says what is left', async () => {
    await using store = await openMixed(name);
    const approved = next(approve(ofSidekiq('g1', 'g1'), click(BEN), [], at(START_MS)));
    await store.transact((tx) => tx.replaceProposal(approved));
    const lines: LogLine[] = [];
    {
      await using guarding = guardingOver(store, lines, START_MS + 1000);
      guarding.start();
      await eventually(async () => (await store.proposal('g1'))?.now.state === 'done');
      await eventually(() => lines.some(({ message }) => message.includes('newer version')));
      const [unread] = fromNextVersion();
      if (unread === undefined) throw new Error('none');
      const press = {
        act: 'proposal.approve',
        value: carriedBy(unread),
        channel: undefined,
        message: undefined,
      };
      const reply = await guarding.onAct({ ...press, actor: aMember('UBEN', 'Ben') });
      expect(reply).toMatchObject({ code: 'store_failed' });
      expect(JSON.stringify(reply)).toContain('newer version of the bot wrote it');
    }
    {
      await using guarding = guardingOver(store, lines, DUE_MS);
      guarding.start();
      await eventually(async () => (await store.proposal('g2'))?.now.state === 'expired');
    }
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(lines.map(({ fields }) => fields)).toContainEqual({
      proposals: expect.arrayContaining(['n1', 'n2', 'n3']),
    });
    expect(await store.unreadableProposals(50)).toHaveLength(3);
  });

  test('a record that says more than this version knows is verified by its bytes, and built upon', async () => {
    await using store = await openStore(await databases.createUrl(name), { auditKey: 'secret' });
    const { who, ...entry } = entryNumber(1);
    await store.transact((tx) =>
      tx.append([{ ...entry, who: { ...who, ...{ team: 'T1' } }, ...{ ticket: 'OPS-1' } }]),
    );
    await store.transact((tx) => tx.append([entryNumber(2)]));
    expect((await store.latestRecords(2)).map(({ number }) => number)).toEqual([2, 1]);
    const lines: StoredLine[] = [];
    for await (const line of store.auditLines()) lines.push(line);
    expect(lines[0]?.line).toContain('"team":"T1"');
    expect(await verifyChain(lines, { key: 'secret' })).toMatchObject({ type: 'sound', head: { count: 2 } });
    for (const [from, to] of [
      ['OPS-1', 'OPS-2'],
      [',"ticket":"OPS-1"', ''],
      ['"team":"T1"', '"team":"T2"'],
    ] as const) {
      const changed = lines.map(({ number, line }) => ({ number, line: line.replace(from, to) }));
      expect(await verifyChain(changed, { key: 'secret' }), from).toMatchObject({
        fault: 'changed',
        number: 1,
      });
    }
  });
});

test('no archive is forgotten while something open can’t be read: it may be at work on it', async () => {
  await using store = await openMixed('SQLite');
  const expiry = new ArchiveExpiry({
    store,
    keeping: { keepMs: 1, expiresDebt: true },
    tell: async () => {},
    timeToForgetBy: CLOCK.nowMs,
    clock: CLOCK,
    log: logInto([]),
  });
  await expect(expiry.expire()).rejects.toMatchObject({ code: 'corrupt' });
});
