import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charge, type LoadBudget, openAccount, pollAfterMs, restMs } from '../../src/core/load.ts';

const BUDGET: LoadBudget = { perSecond: { commands: 100, bytes: 10_000, ms: 500 }, burstS: 4 };

const work = fc.record({
  commands: fc.integer({ min: 0, max: 1000 }),
  bytes: fc.integer({ min: 0, max: 100_000 }),
  ms: fc.integer({ min: 0, max: 3000 }),
  idleMs: fc.integer({ min: 0, max: 2000 }),
});

/** Does all of it as a reader does: rest, ask, note. Gives when each piece began and what it cost. */
function play(pieces: readonly { commands: number; bytes: number; ms: number; idleMs: number }[]) {
  let nowMs = 0;
  let account = openAccount(nowMs);
  return pieces.map(({ idleMs, ...load }) => {
    nowMs += idleMs;
    nowMs += restMs(account, BUDGET, nowMs);
    const startedAtMs = nowMs;
    nowMs += load.ms;
    account = charge(account, BUDGET, load, load.ms, nowMs);
    return { startedAtMs, load, share: account.share };
  });
}

test('whoever rests when told never takes more than the budget, its burst and one piece', () => {
  fc.assert(
    fc.property(fc.array(work, { maxLength: 60 }), (pieces) => {
      const played = play(pieces);
      for (const key of ['commands', 'bytes', 'ms'] as const) {
        let used = 0;
        let largest = 0;
        for (const { startedAtMs, load } of played) {
          // Everything before this piece must be within budget and burst; the piece itself may go over once.
          const granted = BUDGET.perSecond[key] * (startedAtMs / 1000 + BUDGET.burstS);
          expect(used).toBeLessThanOrEqual(granted + largest + 1e-6);
          used += load[key];
          largest = Math.max(largest, load[key]);
        }
      }
    }),
  );
});

test('the share stays between a sixteenth and all, and after quick answers it is all again', () => {
  fc.assert(
    fc.property(fc.array(work, { maxLength: 60 }), (pieces) => {
      const played = play(pieces);
      for (const { share } of played) {
        expect(share).toBeGreaterThanOrEqual(1 / 16);
        expect(share).toBeLessThanOrEqual(1);
      }
      const quick = { commands: 1, bytes: 10, ms: 1, idleMs: 100 };
      expect(play([...pieces, ...Array.from({ length: 13 }, () => quick)]).at(-1)?.share).toBe(1);
    }),
  );
});

test('a wait is always long enough and ends', () => {
  fc.assert(
    fc.property(fc.array(work, { maxLength: 20 }), (pieces) => {
      let account = openAccount(0);
      let nowMs = 0;
      for (const { idleMs, ...load } of pieces) {
        nowMs += idleMs;
        account = charge(account, BUDGET, load, load.ms, nowMs);
      }
      const rest = restMs(account, BUDGET, nowMs);
      expect(Number.isFinite(rest)).toBe(true);
      // A millisecond is what fractions may add up to.
      expect(restMs(account, BUDGET, nowMs + rest)).toBeLessThanOrEqual(1);
    }),
  );
});

test('after a quiet minute a question goes at full speed, and reading on and on gets the budget', () => {
  const page = { commands: 3, bytes: 5_000, ms: 10, idleMs: 0 };
  const played = play(Array.from({ length: 100 }, () => page));
  const last = played.at(-1)?.startedAtMs ?? 0;
  expect(played[7]?.startedAtMs).toBe(70);
  // 500 kB at 10 kB a second, less the burst of four seconds.
  expect(last / 1000).toBeGreaterThan(44);
  expect(last / 1000).toBeLessThan(47);
});

test('a slow answer halves what may be asked, and the poll waits longer, up to half a minute', () => {
  const slow = { commands: 1, bytes: 1, ms: 300 };
  let account = charge(openAccount(0), BUDGET, slow, 300, 300);
  expect(account.share).toBe(1 / 2);
  for (let nth = 0; nth < 9; nth += 1) account = charge(account, BUDGET, slow, 300, 1000 * nth);
  expect(account.share).toBe(1 / 16);
  expect(pollAfterMs(5000, 1)).toBe(5000);
  expect(pollAfterMs(5000, 1 / 2)).toBe(10_000);
  expect(pollAfterMs(5000, 1 / 16)).toBe(30_000);
  expect(pollAfterMs(60_000, 1 / 16)).toBe(60_000);
});

test('a clock that steps back pays nothing back and costs nothing', () => {
  const load = { commands: 500, bytes: 1, ms: 1 };
  const before = charge(openAccount(10_000), BUDGET, load, 1, 10_000);
  const after = charge(before, BUDGET, { commands: 0, bytes: 0, ms: 0 }, 1, 4000);
  expect(after.spent).toEqual(before.spent);
  expect(restMs(after, BUDGET, 10_000)).toBe(restMs(before, BUDGET, 10_000));
});
