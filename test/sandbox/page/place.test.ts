import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOME, readPlace, roomFor, withMentions, writePlace } from '../../../src/sandbox/page/place.ts';

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

const channel = (id: string) => ({ id, name: id, topic: '', isExternal: false });

test('who acts as another person stays in the room, or in their own conversation with the bot', () => {
  const channels = [channel('C1'), channel('C2'), channel('DBEN')];
  expect(roomFor(channels, 'C2')).toBe('C2');
  expect(roomFor(channels, 'DANN')).toBe('DBEN');
  expect(roomFor(channels, 'C9')).toBe('C1');
  expect(roomFor(channels, HOME)).toBe(HOME);
  expect(roomFor([], 'C1')).toBe(HOME);
});

test('a name after an at sign becomes a mention when it is a whole name', () => {
  const person = (id: string, name: string) => ({ id, name, title: '', note: '', isBot: false });
  const people = [person('U1', 'Ann'), person('U2', 'Ann Lee'), person('U3', '')];
  expect(withMentions('@Ann, @Ann Lee and @Annabel', people)).toBe('<@U1>, <@U2> and @Annabel');
});
