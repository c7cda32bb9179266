import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainText } from '../../src/core/reply/text.ts';
import { reportOf } from '../../src/core/report/report.ts';
import { Board } from '../../src/flow/board.ts';
import type { Desk } from '../../src/flow/desk.ts';
import { ArchiveExpiry } from '../../src/flow/expire-archives.ts';
import { readNight } from '../../src/flow/night.ts';
import type { Chat } from '../../src/ports/chat.ts';
import { openStore } from '../../src/store/open.ts';
import { proposed, RULES } from '../core/approval/cast.ts';
import { CALENDAR, quietMorning } from '../core/report/mornings.ts';
import { NO_DIRECTORY } from '../people.ts';
import { archiveJobs, DEFAULT, someJob } from '../redis/restore/stage.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';

const DAY_MS = 86_400_000;
const KEEPING = { keepMs: 3 * DAY_MS, expiresDebt: true };

test('a debt that the settings let expire is told before, and where and when it happens, once by two bots', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-expiring-'));
  await using store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  const base = proposed();
  const { plan, requester } = base;
  const now = { state: 'cancelled', person: requester, endedAtMs: base.proposedAtMs } as const;
  await store.transact((tx) => tx.addProposal({ ...base, now }));
  const thread: string[] = [];
  const chat: Chat = {
    post: async (channel, message, inThread) => {
      if (inThread !== undefined) thread.push(plainText(message.headline));
      return { channel, id: '1' };
    },
    update: async () => {},
  };
  const beganMs = Date.now();
  let nowMs = beganMs;
  const clock = { ...CLOCK, nowMs: () => nowMs };
  const log = logInto([]);
  const policy = aPolicy({ name: plan.sidekiq });
  const desk: Desk = {
    store,
    directory: NO_DIRECTORY,
    clock,
    log,
    sidekiqs: [{ policy, rules: RULES, actions: [] }],
  };
  const bots = ['one', 'two'].map((holder) => {
    const board = new Board(desk, chat, holder);
    const tell = (id: string) => board.show(id);
    return {
      board,
      expiry: new ArchiveExpiry({ store, keeping: KEEPING, tell, timeToForgetBy: () => nowMs, clock, log }),
    };
  });
  await bots[0]?.board.show('p1');
  await archiveJobs(store, DEFAULT, [{ payload: someJob('x') }, { payload: someJob('y') }]);
  const expire = () => Promise.all(bots.map(({ expiry }) => expiry.expire()));
  const morning = async (): Promise<string> => {
    const night = await readNight(policy, store, { calendar: CALENDAR, keeping: KEEPING }, nowMs);
    return reportOf({ ...quietMorning(), policy, night, nowMs })
      .open.map(({ text }) => plainText(text))
      .join('\n');
  };

  await expire();
  expect(await morning()).toMatch(
    /Purge debt p1: .*, 2 jobs archived .* It expires \d{4}-\d\d-\d\d \d\d:\d\d UTC: what is owed then is gone\.$/,
  );
  expect(thread).toEqual([]);

  nowMs += 4 * DAY_MS;
  await expire();
  expect(await store.archives()).toEqual([]);
  expect(thread).toEqual([
    expect.stringMatching(/archive expired \(archive\.keep\): 2 jobs .* 2 still owed$/),
  ]);
  expect(thread[0]).toContain(requester.userId);
  nowMs += 2 * DAY_MS;
  expect(await morning()).toBe(
    `Purge debt p1 expired 2 d ago, as the settings say: 2 jobs of ${plan.jobClass} are gone, neither put back nor written off.`,
  );
  nowMs += 2 * DAY_MS;
  expect(await morning()).toBe('');
  await rm(folder, { recursive: true });
});
