import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inHours, SPAN_MS } from '../../../src/core/history/sample.ts';

test('whole hours and both ends are all of a time, and nothing twice', () => {
  const start = Date.UTC(2026, 10, 27);
  fc.assert(
    fc.property(fc.nat({ max: 200 }), fc.nat({ max: 200 }), (from, tens) => {
      const range = { fromMs: start + from * 600_000, toMs: start + (from + tens) * 600_000 };
      const { hours, ends } = inHours(range);
      const pieces = [...hours, ...ends].sort((one, other) => one.fromMs - other.fromMs);
      expect(pieces[0]?.fromMs).toBe(range.fromMs);
      expect(pieces.at(-1)?.toMs).toBe(range.toMs);
      for (const [index, piece] of pieces.slice(1).entries()) expect(piece.fromMs).toBe(pieces[index]?.toMs);
      for (const { fromMs, toMs } of hours)
        expect([fromMs % SPAN_MS.hour, toMs % SPAN_MS.hour]).toEqual([0, 0]);
      for (const { fromMs, toMs } of ends) if (tens > 12) expect(toMs - fromMs).toBeLessThan(SPAN_MS.hour);
    }),
  );
});
