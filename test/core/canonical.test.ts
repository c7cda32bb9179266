import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCanonical, fingerprintOf, parseCanonical } from '../../src/core/canonical.ts';

/** Any JSON value whose strings are whole; -0 has no text of its own. */
const anyValue = fc
  .jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value)));

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, shuffled(item)]),
  );
}

test('the example of the description is true', () => {
  expect(encodeCanonical({ b: 1, a: ['x', null] })).toBe('{"a":["x",null],"b":1}');
});

test('every value has one text, whatever the order of its keys, and is read back from it', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const text = encodeCanonical(value);
      expect(encodeCanonical(shuffled(value))).toBe(text);
      expect(parseCanonical(text)).toEqual(value);
    }),
  );
});

test('different values have different fingerprints', () => {
  fc.assert(
    fc.property(anyValue, anyValue, (one, other) => {
      const isSame = encodeCanonical(one) === encodeCanonical(other);
      expect(fingerprintOf(one) === fingerprintOf(other)).toBe(isSame);
    }),
  );
});

test.each([
  ['a space', '{"a": 1}'],
  ['another order of keys', '{"b":1,"a":2}'],
  ['a key twice', '{"a":1,"a":1}'],
  ['another way to write a number', '1.0'],
  ['an exponent', '1e2'],
  ['minus zero', '-0'],
  ['a needless escape', '"\\u0061"'],
  ['half of a surrogate pair', '"\\ud800"'],
  ['a line end', '1\n'],
  ['nothing', ''],
  ['no JSON', '{'],
  ['too deep a nesting', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['far too deep a nesting', '['.repeat(200_000)],
])('the strict reader refuses %s', (_, text) => {
  expect(parseCanonical(text)).toBeUndefined();
});

test.each([
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  1n,
  '\ud800',
  new Date(0),
  new Map(),
  { a: undefined },
])('%s has no canonical text', (value) => {
  expect(() => encodeCanonical(value)).toThrow(TypeError);
});

test('a key called __proto__ is a key like any other', () => {
  const text = '{"__proto__":{"a":1}}';
  expect(encodeCanonical(parseCanonical(text))).toBe(text);
});
