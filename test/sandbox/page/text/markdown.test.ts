import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMarkdown } from '../../../../src/sandbox/page/text/markdown.ts';
import { spokenOf } from '../../../../src/sandbox/page/text/prose.ts';

test('headings, lists, tables, quotes, rules and fences are told apart', () => {
  const text = '# A\n- b\n  - c\n1. d\n| e | f |\n|---|---|\n| 1 | 2 |\n> g\n\n---\n```\n# h\n```\ni';
  expect(parseMarkdown(text).map(({ kind }) => kind)).toEqual([
    'heading',
    'list',
    'table',
    'quote',
    'rule',
    'preformatted',
    'paragraph',
  ]);
});

test('two stars are bold, one slants, and a link shows its words', () => {
  expect(parseMarkdown('**a** *b* [c](https://example.com)')).toEqual([
    {
      kind: 'paragraph',
      children: [
        { kind: 'strong', children: [{ kind: 'text', text: 'a' }] },
        { kind: 'text', text: ' ' },
        { kind: 'emphasis', children: [{ kind: 'text', text: 'b' }] },
        { kind: 'text', text: ' ' },
        { kind: 'link', url: 'https://example.com', children: [{ kind: 'text', text: 'c' }] },
      ],
    },
  ]);
});

test('a link to a script stays text', () => {
  expect(spokenOf(parseMarkdown('[press](javascript:alert(1))'))).toBe('[press](javascript:alert(1))');
});

test('no text makes the parser throw, and no letter is lost', () => {
  const words = (text: string): string => text.replaceAll(/[^A-Za-z]/g, '');
  const marked = fc
    .array(fc.constantFrom(...'*_~>#|-\\[]() \n', 'abc', 'X', '1. ', '```\n', '---'), { maxLength: 200 })
    .map((parts) => parts.join(''));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseMarkdown(text)));
  fc.assert(fc.property(marked, (text) => words(spokenOf(parseMarkdown(text))) === words(text)));
});
