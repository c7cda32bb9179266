import { expect, test } from 'vitest';
import { readText } from '../../../../src/sandbox/page/text/text-object.ts';

const inlines = (object: object) => {
  const [paragraph] = readText(object);
  return paragraph?.kind === 'paragraph' ? paragraph.children : [];
};

test('a sign that stands in plain text is drawn by the page, on machines without an emoji font too', () => {
  expect(inlines({ type: 'plain_text', text: '🔴 payroll: incident', emoji: false })).toEqual([
    { kind: 'emoji', name: 'red_circle', character: '🔴' },
    { kind: 'text', text: ' payroll: incident' },
  ]);
  expect(inlines({ type: 'plain_text', text: '⚠️ ✅', emoji: false })).toMatchObject([
    { name: 'warning' },
    { text: ' ' },
    { name: 'white_check_mark' },
  ]);
});

test('short names are words where the text says so', () => {
  expect(inlines({ type: 'plain_text', text: 'A:x:B', emoji: false })).toEqual([
    { kind: 'text', text: 'A:x:B' },
  ]);
  expect(inlines({ type: 'plain_text', text: ':x:', emoji: true })).toMatchObject([{ name: 'x' }]);
});
