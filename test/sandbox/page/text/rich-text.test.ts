import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordOf } from '../../../../src/sandbox/page/reading.ts';
import { readRichText } from '../../../../src/sandbox/page/text/rich-text.ts';

test('styles wrap the text, and line breaks are parts of their own', () => {
  const block = {
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'a\nb', style: { bold: true } },
          { type: 'text', text: 'Foo', style: { code: true } },
          { type: 'emoji', name: 'no_such' },
        ],
      },
    ],
  };
  expect(readRichText(block)).toEqual([
    {
      kind: 'paragraph',
      children: [
        {
          kind: 'strong',
          children: [{ kind: 'text', text: 'a' }, { kind: 'break' }, { kind: 'text', text: 'b' }],
        },
        { kind: 'code', text: 'Foo' },
        { kind: 'text', text: ':no_such:' },
      ],
    },
  ]);
});

test('a list keeps its order and its indent, preformatted text its words', () => {
  const item = { type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] };
  expect(
    readRichText({
      elements: [
        { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [item] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '*x*' }] },
      ],
    }),
  ).toEqual([
    { kind: 'list', isOrdered: true, items: [{ indent: 1, children: [{ kind: 'text', text: 'x' }] }] },
    { kind: 'preformatted', text: '*x*' },
  ]);
});

test('whatever JSON stands there, reading it never throws', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void readRichText(recordOf(value))));
  fc.assert(fc.property(fc.jsonValue(), (value) => void readRichText({ elements: [{ elements: value }] })));
});
