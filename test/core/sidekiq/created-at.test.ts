import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createdAtMs } from '../../../src/core/sidekiq/created-at.ts';
import { parseJson } from '../../../src/core/sidekiq/job.ts';
import { isObject } from '../../../src/core/sidekiq/job-class.ts';
import { epochMs } from '../../../src/core/sidekiq/times.ts';

/** Whatever it says, the real parser must say too; it may abstain. */
function expectAgreement(raw: Buffer): void {
  const said = createdAtMs(raw);
  if (said === undefined) return;
  const payload = parseJson(raw);
  expect(isObject(payload) && epochMs(payload['created_at'])).toBe(said);
}

test.each([
  ['seconds with a fraction', '{"class":"A","args":[],"created_at":1795454560.5}', 1_795_454_560_500],
  [
    'milliseconds',
    '{"created_at":1795454560500,"args":[{"a":[1,-2.5,null,true,false,"x"]}]}',
    1_795_454_560_500,
  ],
  ['one inside of the arguments, and the real one', '{"args":[{"created_at":1}],"created_at":2}', 2000],
])('finds %s', (_, text, expected) => {
  expect(createdAtMs(Buffer.from(text))).toBe(expected);
});

test.each([
  ['', 'nothing'],
  ['{}', 'an empty object'],
  ['{"created_at":1795454560', 'one that was cut off'],
  ['{"created_at":1795454560}x', 'more behind it'],
  ['{"created_at":1,"created_at":2}', 'one twice'],
  ['{"created_at":"1795454560"}', 'a text'],
  ['{"args":[{"created_at":1}]}', 'one in the arguments only'],
  ['{"created_\\u0061t":1}', 'an escaped name'],
  ['{"args":[01],"created_at":1}', 'a number that is none'],
  ['{"args":[1,],"created_at":1}', 'a comma too many'],
  ['{"args":[tru],"created_at":1}', 'half a word'],
  [`{"args":${'['.repeat(40)}${']'.repeat(40)},"created_at":1}`, 'deep nesting'],
])('leaves %j to the real parser: %s', (text) => {
  expect(createdAtMs(Buffer.from(text))).toBeUndefined();
});

test('never says anything else than the real parser, of any job with bytes cut, changed and put in', () => {
  const job = fc.record({
    class: fc.string(),
    args: fc.array(fc.jsonValue({ depthSize: 'medium' }), { maxLength: 3 }),
    created_at: fc.oneof(fc.double(), fc.integer({ min: 0 }), fc.jsonValue()),
  });
  const change = fc.record({
    at: fc.nat(),
    drop: fc.nat({ max: 3 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom(...'{}[]",:.-e0\\tn ').map((sign) => Buffer.from(sign)),
    ),
  });
  fc.assert(
    fc.property(job, fc.array(change, { maxLength: 2 }), (payload, changes) => {
      let raw = Buffer.from(JSON.stringify(payload));
      for (const { at, drop, put } of changes) {
        const from = at % (raw.length + 1);
        raw = Buffer.concat([raw.subarray(0, from), put, raw.subarray(from + drop)]);
      }
      expectAgreement(raw);
    }),
    { numRuns: 3000 },
  );
});
