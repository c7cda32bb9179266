import fc from 'fast-check';
import { expect, test } from 'vitest';
import { debtsIn, expiryOf, owedOf } from '../../../src/core/archive/archive.ts';
import { between, shareOf } from '../../../src/core/archive/ends.ts';

const archive = (owed: number) => ({
  actionId: 'p1',
  archived: 100,
  restored: 90 - owed,
  uncertain: 4,
  writtenOff: 6,
  firstAtMs: 1000,
  lastAtMs: 2000,
});

test('1 %, then 10 %, then the rest are all of them, none twice, and nothing is left over', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000_000 }),
      fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 12 }),
      (archived, shares) => {
        let owed = archived;
        for (const percent of [...shares, 100]) {
          const share = shareOf(archived, owed, percent);
          expect(share).toBeLessThanOrEqual(owed);
          if (owed > 0) expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThanOrEqual(Math.ceil((archived * percent) / 100));
          owed -= share;
        }
        expect(owed).toBe(0);
      },
    ),
  );
});

test('what lies between ended stretches is the rest, whole and in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })), { maxLength: 20 }),
      fc.nat(30),
      (gaps, tail) => {
        let next = 0;
        const ended = gaps.map(([gap, jobs]) => {
          const first = next + gap;
          next = first + jobs;
          return { first, jobs };
        });
        const total = next + tail;
        const owner = new Array<number>(total).fill(0);
        for (const { first, jobs } of [...ended, ...between(total, ended)])
          for (let index = first; index < first + jobs; index += 1) owner[index] = (owner[index] ?? 9) + 1;
        expect(owner.every((times) => times === 1)).toBe(true);
      },
    ),
  );
});

test('what is owed never expires unless the settings say so; the rest a while after its last change', () => {
  const keeping = { keepMs: 5000, expiresDebt: false };
  expect(owedOf(archive(7))).toBe(7);
  expect(expiryOf(archive(0), keeping)).toBe(7000);
  expect(expiryOf(archive(1), keeping)).toBeUndefined();
  expect(expiryOf(archive(1), { ...keeping, expiresDebt: true })).toBe(7000);
  expect(expiryOf(archive(0), { ...keeping, keepMs: undefined })).toBeUndefined();
});

test('a debt is what is owed, the oldest first', () => {
  const account = (owed: number, firstAtMs: number) => ({
    ...archive(owed),
    firstAtMs,
    sidekiq: 'payroll',
    jobClass: 'J',
    owed,
    owner: undefined,
    expiresAtMs: undefined,
  });
  const debts = debtsIn([account(3, 900), account(0, 100), account(4, 500)]);
  expect(debts.map(({ owed }) => owed)).toEqual([4, 3]);
});
