import fc from 'fast-check';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { Page, PagePart } from '../../src/core/sidekiq/page.ts';
import { encodeCommands, Refusal, type Value, ValueReader } from '../../src/redis/resp.ts';

/** As Redis writes it, told once more in other words. */
function encode(value: Value): string {
  if (value === null) return '$-1\r\n';
  if (typeof value === 'number') return `:${value}\r\n`;
  if (value instanceof Refusal) return `-${value.message}\r\n`;
  if (Buffer.isBuffer(value)) return `$${value.length}\r\n${value.toString('latin1')}\r\n`;
  const values = value as readonly Value[];
  return `*${values.length}\r\n${values.map(encode).join('')}`;
}

function inFull(value: Value): Value {
  return value instanceof Page ? value.payloads() : value;
}

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc.integer(),
  fc.constant(null),
  fc.stringMatching(/^[A-Z]{2,8} [a-z ]{0,20}$/).map((words) => new Refusal(words)),
);
const strings = fc.array(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 6 },
);
const anyValue = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, strings, fc.array(tie('value'), { maxLength: 6 })),
})).value;

test('whatever comes is read the same, in one piece or cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(anyValue, { maxLength: 6 }),
      fc.infiniteStream(fc.nat({ max: 12 })),
      (values, cuts) => {
        const bytes = Buffer.from(values.map(encode).join(''), 'latin1');
        const reader = new ValueReader();
        const read: Value[] = [];
        for (let from = 0; from < bytes.length; ) {
          const size = (cuts.next().value ?? 0) + 1;
          read.push(...reader.push(Buffer.from(bytes.subarray(from, from + size))));
          from += size;
        }
        expect(read.map(inFull)).toEqual(values);
        expect(new ValueReader().push(bytes).map(inFull)).toEqual(values);
      },
    ),
    { numRuns: 1000 },
  );
});

test('an array of strings is a page: its jobs lie behind one another in the bytes that came', () => {
  const jobs = ['{"class":"A"}', '', 'no JSON'].map((text) => Buffer.from(text));
  const [page] = new ValueReader().push(Buffer.from(encode(jobs)));
  expect(page).toBeInstanceOf(Page);
  expect((page as Page).payloads()).toEqual(jobs);
  expect((page as Page).bytes.includes('{"class":"A"}\r\n$0\r\n')).toBe(true);
});

test('a page that was given back lends its memory to the next, once', () => {
  const send = (letter: string): Page => {
    const bytes = Buffer.from(encode([Buffer.from(letter.repeat(3000)), Buffer.from(letter)]));
    const reader = new ValueReader();
    reader.push(Buffer.from(bytes.subarray(0, 1000)));
    return reader.push(Buffer.from(bytes.subarray(1000)))[0] as Page;
  };
  const first = send('a');
  const memory = first.bytes.buffer;
  first.giveBack();
  first.giveBack();
  const [second, third] = [send('b'), send('c')];
  expect(second.bytes.buffer).toBe(memory);
  expect(third.bytes.buffer).not.toBe(memory);
  expect(String(second.payload(0))).toBe('b'.repeat(3000));
  expect(String(third.payload(0))).toBe('c'.repeat(3000));
});

test('no memory is taken for more strings than ever come', () => {
  const reader = new ValueReader();
  expect(reader.push(Buffer.from('*1000000000\r\n$1\r\na\r\n'))).toEqual([]);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(1e9);
});

test.each(['*2\r\n$1x\r\n', '%3\r\n', '$abc\r\n', ':1x\r\n', '*x\r\n', 'HTTP/1.1 400 Bad Request\r\n'])(
  '%j is none of it',
  (text) => {
    expect(() => new ValueReader().push(Buffer.from(text))).toThrow(TypeError);
  },
);

test('commands are encoded as ioredis does it', () => {
  const word = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const { Command } = Redis;
      const theirs = new Command(
        'LPUSH',
        words.map((each) => (Buffer.isBuffer(each) ? each : String(each))),
      );
      const written = theirs.toWritable({} as never);
      const expected = Buffer.isBuffer(written) ? written : Buffer.from(written);
      expect(encodeCommands([['LPUSH', ...words]]).equals(expected)).toBe(true);
    }),
  );
});

test('a part of a page is sent as its jobs are, in their order', () => {
  const jobs = ['a', 'bcd', '', 'ef'].map((text) => Buffer.from(text));
  const part = new PagePart(Page.of(jobs), [3, 0, 2]);
  const sent = encodeCommands([['LPUSH', 'queue:default', part]]);
  expect(sent.toString()).toBe(encodeCommands([['LPUSH', 'queue:default', 'ef', 'a', '']]).toString());
  expect(part.sizeBytes).toBe(3);
});
