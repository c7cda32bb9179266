import { createHash } from 'node:crypto';

/**
 * One text for one value, so that equal things have equal hashes: JSON without spaces, keys sorted by UTF-16 unit,
 * numbers and strings as ECMAScript writes them (RFC 8785 does the same).
 *
 *   { b: 1, a: ['x', null] }   is   {"a":["x",null],"b":1}
 *
 * What has no single text is a bug of ours and throws: undefined, NaN, infinities, minus zero, halves of surrogate
 * pairs, objects that are not plain.
 */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Deeper than anything we write; a bound, so that hostile text cannot exhaust the stack. */
const MAX_DEPTH = 32;

export function encodeCanonical(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new TypeError(`nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return encodeString(value);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item) => encodeCanonical(item, depth + 1)).join(',')}]`;
  }
  if (typeof value === 'object' && isPlainObject(value)) {
    const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, item]) => `${encodeString(key)}:${encodeCanonical(item, depth + 1)}`).join(',')}}`;
  }
  throw new TypeError(`${typeof value} has no canonical text`);
}

/**
 * The strict reader: gives back the value only of a text that `encodeCanonical` itself would have written, so no second
 * text (a space, another order, a key twice, 1.0 for 1) can stand for the same value. Undefined for any other text.
 */
export function parseCanonical(text: string): Plain | undefined {
  try {
    const value: Plain = JSON.parse(text);
    return encodeCanonical(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of the canonical text, as 64 hexadecimal digits. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(encodeCanonical(value)).digest('hex');
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw new TypeError(`${value} has no canonical text`);
  return String(value);
}

function encodeString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('half of a surrogate pair has no canonical text');
  return JSON.stringify(value);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
