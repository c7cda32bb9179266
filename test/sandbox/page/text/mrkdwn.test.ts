import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMrkdwn } from '../../../../src/sandbox/page/text/mrkdwn.ts';
import { type Inline, spokenOf } from '../../../../src/sandbox/page/text/prose.ts';

function inlinesOf(text: string): readonly Inline[] {
  const [first, ...others] = parseMrkdwn(text);
  expect(others).toEqual([]);
  if (first?.kind !== 'paragraph') throw new Error('expected one paragraph');
  return first.children;
}

const plain = (text: string): Inline => ({ kind: 'text', text });

test('one star is bold, an underscore slants, a tilde strikes out', () => {
  expect(inlinesOf('*a* _b_ ~c~')).toEqual([
    { kind: 'strong', children: [plain('a')] },
    plain(' '),
    { kind: 'emphasis', children: [plain('b')] },
    plain(' '),
    { kind: 'strike', children: [plain('c')] },
  ]);
});

test('marks nest', () => {
  expect(inlinesOf('*a _b_*')).toEqual([
    { kind: 'strong', children: [plain('a '), { kind: 'emphasis', children: [plain('b')] }] },
  ]);
});

test('a mark inside a word, beside a space or across lines is a character', () => {
  for (const text of ['low_priority_exports', '2 * 3 * 4', 'a*b*c', '* a *', '**', '_', '~~~'])
    expect(inlinesOf(text)).toEqual([plain(text)]);
  expect(inlinesOf('*a\nb*')).toEqual([plain('*a'), { kind: 'break' }, plain('b*')]);
});

test('a Ruby class name is neither emoji nor emphasis', () => {
  expect(inlinesOf('Foo::Bar::Baz')).toEqual([plain('Foo::Bar::Baz')]);
  expect(inlinesOf('`Foo::Bar_*Baz*`')).toEqual([{ kind: 'code', text: 'Foo::Bar_*Baz*' }]);
});

test('people, channels, groups and everyone are mentions only in angle brackets', () => {
  expect(inlinesOf('<@U1> <#C1|ops> <!subteam^S1> <!channel>')).toEqual([
    { kind: 'user', id: 'U1', label: '' },
    plain(' '),
    { kind: 'channel', id: 'C1', label: 'ops' },
    plain(' '),
    { kind: 'group', id: 'S1', label: '' },
    plain(' '),
    { kind: 'everyone', range: 'channel' },
  ]);
  expect(inlinesOf('&lt;!channel&gt; @here')).toEqual([plain('<!channel> @here')]);
});

test('a link needs an address that is safe to open', () => {
  expect(inlinesOf('<https://example.com/?a=1&amp;b=2|the *page*>')).toEqual([
    { kind: 'link', url: 'https://example.com/?a=1&b=2', children: [plain('the *page*')] },
  ]);
  expect(inlinesOf('<javascript:alert(1)|press>')).toEqual([plain('<javascript:alert(1)|press>')]);
  expect(inlinesOf('<data:text/html,x>')).toEqual([plain('<data:text/html,x>')]);
});

test('markup of the browser is text', () => {
  const text = '<img src=x onerror=alert(1)><script>alert(1)</script>';
  expect(inlinesOf(text)).toEqual([plain(text)]);
});

test('escapes are undone once', () => {
  expect(inlinesOf('&amp;lt; &lt;b&gt; &quot;')).toEqual([plain('&lt; <b> &quot;')]);
  expect(inlinesOf('`a &amp;&amp; b`')).toEqual([{ kind: 'code', text: 'a && b' }]);
});

test('a date keeps its format, its address and its fallback', () => {
  expect(inlinesOf('<!date^1392734382^{date} at {time}^https://example.com/|then>')).toEqual([
    {
      kind: 'date',
      unix: 1392734382,
      format: '{date} at {time}',
      fallback: 'then',
      url: 'https://example.com/',
    },
  ]);
  expect(inlinesOf('<!date^soon^{date}|x>')).toEqual([plain('<!date^soon^{date}|x>')]);
});

test('an emoji is known by its name or by its character, an unknown one stays text', () => {
  expect(inlinesOf(':warning:⚠️ :no_such:')).toEqual([
    { kind: 'emoji', name: 'warning', character: '⚠️' },
    { kind: 'emoji', name: 'warning', character: '⚠️' },
    plain(' :no_such:'),
  ]);
});

test('quoted lines become a quote and fences become preformatted text', () => {
  expect(parseMrkdwn('a\n> b\n&gt; c\n```\n*d*\n```\ne')).toEqual([
    { kind: 'paragraph', children: [plain('a')] },
    {
      kind: 'quote',
      children: [{ kind: 'paragraph', children: [plain('b'), { kind: 'break' }, plain('c')] }],
    },
    { kind: 'preformatted', text: '*d*' },
    { kind: 'paragraph', children: [plain('e')] },
  ]);
});

/** Text as hostile as job classes get: every mark there is, in any order, among letters. */
const hostile = fc
  .array(
    fc.constantFrom(...'*_~`<>&|@#!:^\n -abcXYZ019', '```', '&amp;', '<!date^1^', ':x:', '😀', '\uD800'),
    {
      maxLength: 200,
    },
  )
  .map((parts) => parts.join(''));

test('no text makes the parser throw', () => {
  fc.assert(fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => void parseMrkdwn(text)));
});

test('text without marks comes through whole', () => {
  const unmarked = fc.string({ unit: 'grapheme' }).filter((text) => !/[*_~`<>&:\n]/.test(text));
  // A sign is drawn as a picture, whether or not the selector that asks for one stands behind it.
  const said = (text: string): string => text.replaceAll('\uFE0F', '');
  fc.assert(fc.property(unmarked, (text) => said(spokenOf(parseMrkdwn(text))) === said(text)));
});

test('marks may vanish, letters and digits never do', () => {
  const words = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '');
  const marked = fc
    .array(fc.constantFrom(...'*_~`>| \n', 'abc', 'X', '019', '```'), { maxLength: 200 })
    .map((parts) => parts.join(''));
  fc.assert(fc.property(marked, (text) => words(spokenOf(parseMrkdwn(text))) === words(text)));
});
