import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Needle } from '../../../src/core/sidekiq/needle.ts';

test('finds what the engine finds, wherever it begins to look', () => {
  // Of few letters, so that much is alike.
  const few = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\u00e9'), maxLength: 40 });
  fc.assert(
    fc.property(
      few,
      fc.string({ unit: fc.constantFrom('a', 'b', '"', '\u00e9'), minLength: 1, maxLength: 5 }),
      fc.nat({ max: 45 }),
      (text, wanted, from) => {
        const [bytes, needle] = [Buffer.from(text), Buffer.from(wanted)];
        expect(new Needle(needle).indexIn(bytes, from)).toBe(
          from > bytes.length ? -1 : bytes.indexOf(needle, from),
        );
      },
    ),
    { numRuns: 3000 },
  );
});
