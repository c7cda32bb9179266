import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backlog } from '../../../commands/backlog.ts';
import { asWord } from '../../../src/core/words/as-word.ts';
import { parseCommandText, parseWords } from '../../../src/core/words.ts';

test.each([
  ['default', 'default'],
  ['two words', '"two words"'],
  ['on', '"on"'],
  ['--all', '"--all"'],
  ['a" b', `'a" b'`],
  ['line\nbreak', undefined],
  ['', '""'],
])('%j is typed %j', (name, typed) => {
  expect(asWord(name)).toBe(typed);
});

test('whatever a queue is called, a button asks for that queue or there is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const word = asWord(name);
      if (word === undefined) return;
      const parsed = parseCommandText(`backlog ${word} on payroll`);
      if ('type' in parsed) throw new Error(parsed.code);
      expect(parseWords(parsed.tokens, backlog, ['payroll'])).toMatchObject({
        words: { words: [name] },
        on: 'payroll',
      });
    }),
  );
});
