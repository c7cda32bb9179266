import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typedText } from '../../src/slack/typed.ts';

test.each([
  ['entities become characters', 'a &lt;b&gt; &amp; c', 'a <b> & c'],
  ['an entity that was typed stays one', '&amp;lt;', '&lt;'],
  [
    'a link becomes the words that were typed',
    '<https://x.io/a|x.io/a> <https://y.io>',
    'x.io/a https://y.io',
  ],
  ['mentions stay', '<@U1|ann> <#C1|ops> <!subteam^S1|@oncall>', '<@U1|ann> <#C1|ops> <!subteam^S1|@oncall>'],
])('%s', (_, text, expected) => {
  expect(typedText(text)).toBe(expected);
});

test('whatever is typed comes back as it was typed', () => {
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(typedText(escaped(text))).toBe(text);
    }),
  );
});
