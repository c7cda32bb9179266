import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../src/core/approval/close.ts';
import { approve } from '../../src/core/approval/vote.ts';
import { verifyChain } from '../../src/core/audit/verify.ts';
import { subjectOf } from '../../src/core/plan.ts';
import { StoreError } from '../../src/ports/store.ts';
import { openStore, type StoreOptions } from '../../src/store/open.ts';
import { ANN, at, BEN, click, next, PLAN, proposed, START_MS } from '../core/approval/cast.ts';
import { entryNumber } from '../core/audit/chain.ts';
import { type PostgresServer, startPostgresServer } from '../postgres-server.ts';

/** One suite for both databases: what the story may rely on, whichever is below. */
let folder = '';
let postgres: PostgresServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-store-'));
  postgres = await startPostgresServer();
});

afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const DATABASES = [
  { name: 'SQLite', createUrl: async () => `sqlite:${join(folder, randomUUID(), 'store.sqlite')}` },
  { name: 'PostgreSQL', createUrl: () => postgres.createDatabase() },
];

describe.each(DATABASES)('on $name', ({ createUrl }) => {
  const openNew = async (options?: StoreOptions) => openStore(await createUrl(), options);

  test('a proposal is kept with its records, and read back as it was', async () => {
    await using store = await openNew();
    const proposal = proposed();
    const head = await store.transact(async (tx) => {
      expect(await tx.addProposal(proposal)).toBe(true);
      return tx.append([entryNumber(1), entryNumber(2)]);
    });
    expect(await store.proposal('p1')).toEqual(proposal);
    expect(await store.proposal('p2')).toBeUndefined();
    expect(await store.auditHead()).toEqual(head);
    expect(head.count).toBe(2);
    expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound', head });
    expect((await store.latestRecords(1))[0]?.result).toBe(entryNumber(2).result);
  });

  test('what is thrown inside a transaction leaves nothing of it', async () => {
    await using store = await openNew();
    const failing = store.transact(async (tx) => {
      await tx.addProposal(proposed());
      await tx.append([entryNumber(1)]);
      throw new RangeError('in the middle');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await store.proposal('p1')).toBeUndefined();
    expect((await store.auditHead()).count).toBe(0);
  });

  test('a proposal is replaced only in the version that was decided upon', async () => {
    await using store = await openNew();
    const first = proposed();
    const approved = next(approve(first, click(BEN), [], at(START_MS)));
    const cancelled = next(cancel(first, click(ANN), at(START_MS)));
    await store.transact((tx) => tx.addProposal(first));
    expect(await store.transact((tx) => tx.replaceProposal(approved))).toBe(true);
    expect(await store.transact((tx) => tx.replaceProposal(approved))).toBe(false);
    expect(await store.transact((tx) => tx.replaceProposal(cancelled))).toBe(false);
    expect(await store.proposal('p1')).toEqual(approved);
  });

  test('the same thing is open only once, and can be proposed again when it has ended', async () => {
    await using store = await openNew();
    const first = proposed();
    const second = { ...first, id: 'p2' };
    await store.transact((tx) => tx.addProposal(first));
    expect(await store.transact((tx) => tx.addProposal(second))).toBe(false);
    expect(await store.transact((tx) => tx.openProposal(subjectOf(PLAN)))).toEqual(first);
    await store.transact((tx) => tx.replaceProposal(next(cancel(first, click(ANN), at(START_MS)))));
    expect(await store.transact((tx) => tx.openProposal(subjectOf(PLAN)))).toBeUndefined();
    expect(await store.transact((tx) => tx.addProposal(first))).toBe(false);
    expect(await store.transact((tx) => tx.addProposal(second))).toBe(true);
    expect((await store.proposals({ limit: 10 })).map(({ id }) => id)).toEqual(['p2', 'p1']);
    expect((await store.proposals({ isOpen: true, limit: 10 })).map(({ id }) => id)).toEqual(['p2']);
    expect((await store.proposals({ isOpen: false, limit: 10 })).map(({ id }) => id)).toEqual(['p1']);
  });

  test('a memo is added once, read until its time is over, and forgotten after that', async () => {
    await using store = await openNew();
    const memo = { id: 'draft/a', untilMs: START_MS + 10, body: 'first' };
    const added = await Promise.all([store.addMemo(memo), store.addMemo({ ...memo, body: 'first' })]);
    expect(added.toSorted()).toEqual([false, true]);
    expect(await store.memo('draft/a', START_MS + 9)).toBe('first');
    expect(await store.memo('draft/a', START_MS + 10)).toBeUndefined();
    await store.addMemo({ id: 'draft/b', untilMs: START_MS + 11, body: 'second' });
    await store.forgetMemos(START_MS + 10);
    expect(await store.memo('draft/a', START_MS)).toBeUndefined();
    expect(await store.memo('draft/b', START_MS)).toBe('second');
    await store.removeMemo('draft/b');
    expect(await store.memo('draft/b', START_MS)).toBeUndefined();
  });

  test('the overdue ones are found, whether they wait for approval or for their start', async () => {
    await using store = await openNew();
    const waiting = proposed();
    const elsewhere = { ...waiting, id: 'p2', plan: { ...PLAN, sidekiq: 'billing' } };
    const approved = next(approve(elsewhere, click(BEN), [], at(START_MS)));
    await store.transact(async (tx) => {
      await tx.addProposal(waiting);
      await tx.addProposal(elsewhere);
      await tx.replaceProposal(approved);
    });
    const overdue = async (nowMs: number) => (await store.overdueProposals(nowMs, 10)).map(({ id }) => id);
    expect(await overdue(START_MS + 5 * 60_000 - 1)).toEqual([]);
    expect(await overdue(START_MS + 5 * 60_000)).toEqual(['p2']);
    expect(await overdue(START_MS + 15 * 60_000)).toEqual(['p2', 'p1']);
  });

  test('transactions that begin at the same time come one after another', async () => {
    await using store = await openNew();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.transact((tx) => tx.append([entryNumber(index)]))),
    );
    expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound', head: { count: 20 } });
  });

  test('the audit log is read in pages, from where one likes', async () => {
    await using store = await openNew();
    await store.transact((tx) => tx.append(Array.from({ length: 2100 }, (_, index) => entryNumber(index))));
    const numbers: number[] = [];
    for await (const { number } of store.auditLines(50)) numbers.push(number);
    expect(numbers).toEqual(Array.from({ length: 2050 }, (_, index) => index + 51));
  });

  test('a chain with the seal of a key is not continued without it, nor with another', async () => {
    const url = await createUrl();
    {
      await using store = await openStore(url, { auditKey: 'secret' });
      await store.transact((tx) => tx.append([entryNumber(1)]));
    }
    {
      await using store = await openStore(url);
      const failing = store.transact((tx) => tx.append([entryNumber(2)]));
      await expect(failing).rejects.toMatchObject({ code: 'audit_key' });
    }
    await using wrong = await openStore(url, { auditKey: 'another' });
    await expect(wrong.transact((tx) => tx.append([entryNumber(2)]))).rejects.toMatchObject({
      code: 'corrupt',
    });
    expect(await verifyChain(wrong.auditLines(), { key: 'secret' })).toMatchObject({ head: { count: 1 } });
  });

  test('a lease has one holder, and a new fence with each', async () => {
    await using store = await openNew();
    const first = await store.acquireLease('action/p1', 'bot 1', 60_000);
    expect(first).toMatchObject({ fence: 1 });
    expect(await store.acquireLease('action/p1', 'bot 2', 60_000)).toBeUndefined();
    expect(await store.acquireLease('action/p1', 'bot 1', 60_000)).toEqual(first);
    expect(await store.acquireLease('action/p2', 'bot 2', 60_000)).toMatchObject({ fence: 1 });
    if (first === undefined) throw new Error('no lease');
    expect(await store.renewLease(first, 60_000)).toBe(true);
    await store.releaseLease(first);
    expect(await store.renewLease(first, 60_000)).toBe(false);
    const second = await store.acquireLease('action/p1', 'bot 2', 60_000);
    expect(second).toMatchObject({ fence: 2 });
    await store.releaseLease(first);
    expect(await store.acquireLease('action/p1', 'bot 1', 60_000)).toBeUndefined();
  });

  test('a lease whose holder fell silent is taken over', async () => {
    await using store = await openNew();
    const lost = await store.acquireLease('watch/payroll', 'bot 1', 1);
    const taken = await eventually(() => store.acquireLease('watch/payroll', 'bot 2', 60_000));
    expect(taken.fence).toBe(2);
    if (lost === undefined) throw new Error('no lease');
    expect(await store.renewLease(lost, 60_000)).toBe(false);
  });

  test('of twenty who want a lease at the same time one gets it', async () => {
    await using store = await openNew();
    const asked = Array.from({ length: 20 }, (_, index) =>
      store.acquireLease('tick', `bot ${index}`, 60_000),
    );
    expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  test('what the watcher remembers comes back byte for byte', async () => {
    await using store = await openNew();
    expect(await store.evidence('payroll')).toBeUndefined();
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await store.saveEvidence('payroll', { format: 1, body: new Uint8Array([1]) });
    await store.saveEvidence('payroll', { format: 2, body });
    const evidence = await store.evidence('payroll');
    expect(evidence?.format).toBe(2);
    expect(Buffer.from(evidence?.body ?? []).equals(body)).toBe(true);
    expect(await store.evidence('billing')).toBeUndefined();
  });

  test('crashes are listed newest first, once each, and can be taken back', async () => {
    await using store = await openNew();
    const crash = (id: string, atMs: number, body = '{}') => ({ sidekiq: 'payroll', id, atMs, body });
    for (const each of [crash('a', 1000), crash('b', 2000), crash('a', 3000, '{"rss":1}')])
      await store.saveCrash(each);
    await store.saveCrash({ ...crash('c', 4000), sidekiq: 'billing' });
    expect(await store.crashes('payroll', 0, 10)).toEqual([crash('a', 3000, '{"rss":1}'), crash('b', 2000)]);
    expect(await store.crashes('payroll', 2001, 10)).toHaveLength(1);
    await store.removeCrash('payroll', 'a');
    expect(await store.crashes('payroll', 0, 10)).toEqual([crash('b', 2000)]);
  });

  test('an announcement is made by one of two, and edited by whoever read it last', async () => {
    await using store = await openNew();
    const first = { id: 'crash-loop/payroll', version: 1, state: '{}', message: null };
    expect(await store.saveAnnouncement(first)).toBe(true);
    expect(await store.saveAnnouncement(first)).toBe(false);
    const posted = { ...first, version: 2, message: { channel: 'C1', id: '1.2' } };
    expect(await store.saveAnnouncement(posted)).toBe(true);
    expect(await store.saveAnnouncement({ ...posted, state: '{"late":true}' })).toBe(false);
    expect(await store.announcement('crash-loop/payroll')).toEqual(posted);
    await store.saveAnnouncement({ ...first, id: 'Crash-loop/x' });
    await store.saveAnnouncement({ ...first, id: 'crash%' });
    expect((await store.announcements('crash-', 10)).map(({ id }) => id)).toEqual(['crash-loop/payroll']);
    expect(await store.announcements('', 2)).toHaveLength(2);
  });

  test('texts that databases stumble over come back as they were', async () => {
    await using store = await openNew();
    const reason = 'nul \u0000, quote " and \', backslash \\, emoji 🧨, line\nend, \u2028, ﷽';
    const proposal = { ...proposed(), reason };
    await store.transact(async (tx) => {
      await tx.addProposal(proposal);
      await tx.append([{ ...entryNumber(1), why: reason }]);
    });
    expect((await store.proposal('p1'))?.reason).toBe(reason);
    expect((await store.latestRecords(1))[0]?.why).toBe(reason);
  });

  test('opening again and at the same time changes nothing', async () => {
    const url = await createUrl();
    if (url.startsWith('postgres')) {
      const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(url)));
      for (const store of stores) await store[Symbol.asyncDispose]();
    }
    for (let times = 1; times <= 3; times += 1) {
      await using store = await openStore(url);
      await store.transact((tx) => tx.append([entryNumber(times)]));
      expect((await store.auditHead()).count).toBe(times);
    }
  });

  test('a tool that only looks can open beside the bot, and can change nothing', async () => {
    const url = await createUrl();
    await using bot = await openStore(url);
    await bot.transact((tx) => tx.append([entryNumber(1)]));
    await using tool = await openStore(url, { isReadOnly: true });
    expect((await tool.auditHead()).count).toBe(1);
    await bot.transact((tx) => tx.append([entryNumber(2)]));
    expect((await tool.auditHead()).count).toBe(2);
    await expect(tool.transact((tx) => tx.append([entryNumber(3)]))).rejects.toMatchObject({
      code: 'read_only',
    });
    await expect(tool.acquireLease('tick', 'tool', 1)).rejects.toBeInstanceOf(StoreError);
    expect((await bot.auditHead()).count).toBe(2);
  });
});

async function eventually<T>(ask: () => Promise<T | undefined>, deadlineMs = 10_000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error('it never came');
    await pause(5);
  }
}
