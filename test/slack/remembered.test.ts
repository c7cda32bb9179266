import { expect, test } from 'vitest';
import type { Memos } from '../../src/ports/memory.ts';
import { RememberedAnswers } from '../../src/slack/remembered.ts';
import { eventually } from '../eventually.ts';
import { openOwnStore } from '../store/own-store.ts';
import { logInto } from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** Which press may post a shared answer, of bots that know of each other by their store alone. */

const botOn = (memos: Memos, clock: HeldClock) => new RememberedAnswers(memos, clock, logInto([]));

test('while one bot asks again and waits for Slack no other posts, and one that died over it is in nobody’s way for long', async () => {
  await using store = await openOwnStore();
  const clock = new HeldClock();
  const claimBy = async () => {
    await store.forgetMemos(clock.nowMs());
    return botOn(store, clock).claim('a1');
  };
  expect(await claimBy()).toBe(true);
  clock.pass(60_000 + 50_000);
  expect(await claimBy()).toBe(false);
  clock.pass(60_000);
  expect(await claimBy()).toBe(true);
});

test('a store that says nothing holds up nobody who shares: it is as one that is down', async () => {
  const clock = new HeldClock();
  const silent = () => new Promise<never>(() => {});
  const bot = botOn({ addMemo: silent, memo: silent, removeMemo: silent, forgetMemos: silent }, clock);
  const claimed = bot.claim('a1');
  for (const _ of ['is it shared', 'it is mine']) {
    await eventually(() => clock.waitsMs.length > 0);
    expect(clock.waitsMs).toEqual([3000]);
    clock.pass(3000);
  }
  expect(await claimed).toBe(true);
  expect(await bot.claim('a1')).toBe(false);
});
