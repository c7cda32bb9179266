import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlace, writePlace } from '../../../src/sandbox/page/place.ts';

test('a place that is written into the address is read back the same', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(part, part, fc.option(part, { nil: undefined }), (as, room, threadTs) => {
      const place = { as, room, ...(threadTs === undefined ? {} : { threadTs }) };
      expect(readPlace(writePlace(place))).toEqual(place);
    }),
  );
});

test('an address that says nothing, or nonsense, is nowhere', () => {
  expect(readPlace('')).toEqual({ as: '', room: '' });
  expect(readPlace('#%E0%A4%A/C1')).toEqual({ as: '', room: 'C1' });
});
