import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../src/core/sidekiq/job.ts';
import { isObject, textOf } from '../../../src/core/sidekiq/job-class.ts';
import { JobWalk } from '../../../src/core/sidekiq/job-walk.ts';
import { epochMs } from '../../../src/core/sidekiq/times.ts';

/** Whatever the walk says, the real parser must say too; it may give up. */
function expectAgreement(raw: Buffer): boolean {
  const walk = new JobWalk();
  if (!walk.over(raw, 0, raw.length)) return false;
  const payload = parseJson(raw);
  if (!isObject(payload)) throw new Error(`no object: ${raw}`);
  for (const [name, field] of [
    ['class', walk.jobClass],
    ['wrapped', walk.wrapped],
    ['created_at', walk.createdAt],
  ] as const) {
    const text = textOf(payload, name);
    expect(field.isThere).toBe(Object.hasOwn(payload, name));
    expect(field.isText(raw)).toBe(text !== undefined);
    if (text !== undefined && !text.includes('\uFFFD')) {
      expect(field.is(raw, Buffer.from(`"${text}"`))).toBe(true);
      expect(field.is(raw, Buffer.from(`"${text}x"`))).toBe(false);
    }
  }
  const created = payload['created_at'];
  expect(walk.createdAt.epochMs(raw)).toBe(typeof created === 'number' ? epochMs(created) : undefined);
  return true;
}

test.each([
  ['seconds with a fraction', '{"class":"A","args":[],"created_at":1795454560.5}', 1_795_454_560_500],
  ['more digits than a number holds', '{"created_at":1795454560.123456789012345678}', 1_795_454_560_123],
  [
    'half a millisecond, as the parser rounds it',
    '{"created_at":1795454560.1234999999999999}',
    1_795_454_560_124,
  ],
  ['milliseconds', '{"created_at":1795454560500,"args":[{"a":[1,-2.5,null,true,"x"]}]}', 1_795_454_560_500],
  ['one inside of the arguments, and the real one', '{"args":[{"created_at":1}],"created_at":2}', 2000],
  ['escapes in the arguments', '{"args":["\\"created_at\\":1,\\u00e9\\n"],"created_at":2}', 2000],
])('finds when it was created: %s', (_, text, expected) => {
  const raw = Buffer.from(text);
  expect(expectAgreement(raw)).toBe(true);
  const walk = new JobWalk();
  walk.over(raw, 0, raw.length);
  expect(walk.createdAt.epochMs(raw)).toBe(expected);
});

test.each([
  ['', 'nothing'],
  ['{}', 'an empty object'],
  ['{"created_at":1795454560', 'one that was cut off'],
  ['{"created_at":1795454560}x', 'more behind it'],
  ['{"created_at":1,"created_at":2}', 'one twice'],
  ['{"class":"A","class":"B"}', 'two classes'],
  ['{"class":"\\u0041"}', 'an escaped class'],
  ['{"created_\\u0061t":1}', 'an escaped name'],
  ['{"args":["\\x"],"created_at":1}', 'an escape that is none'],
  ['{"args":["\\u00g0"],"created_at":1}', 'a digit that is none'],
  ['{"args":[01],"created_at":1}', 'a number that is none'],
  ['{"args":[-],"created_at":1}', 'a sign alone'],
  ['{"args":[1,],"created_at":1}', 'a comma too many'],
  ['{"args":[1},"created_at":1]', 'the wrong bracket'],
  ['{"args":{"a":1,2},"created_at":1}', 'a value without a name'],
  ['{"args":[tru],"created_at":1}', 'half a word'],
  ['{"args":["\n"],"created_at":1}', 'a line break in a text'],
  [`{"args":${'['.repeat(40)}${']'.repeat(40)},"created_at":1}`, 'deep nesting'],
])('leaves %j to the real parser: %s', (text) => {
  const raw = Buffer.from(text);
  expect(new JobWalk().over(raw, 0, raw.length)).toBe(false);
});

test('never says anything else than the real parser, of any job with bytes cut, changed and put in', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('A', '', 'Ünï', 'Quo"te'),
  );
  const usual = fc.oneof(
    text,
    fc.nat(),
    fc.constantFrom(true, null, -2.5, [], {}, [[{ a: [1] }]], { class: 'B' }),
  );
  const value = fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: fc.jsonValue() });
  const job = fc.record(
    {
      class: fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: value }),
      wrapped: fc.oneof(text, fc.constant(null)),
      args: fc.array(value, { maxLength: 3 }),
      created_at: fc.oneof(fc.double({ min: 1e9, max: 2e9 }), fc.nat(), value),
    },
    { requiredKeys: [] },
  );
  const change = fc.record({
    at: fc.nat(),
    drop: fc.nat({ max: 3 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc
        .constantFrom(...'{}[]",:.-e0\\tn '.split(''), '\\u', '\\"', '"class":', '1,')
        .map((sign) => Buffer.from(sign)),
    ),
  });
  let agreed = 0;
  fc.assert(
    fc.property(job, fc.array(change, { maxLength: 2 }), (payload, changes) => {
      let raw = Buffer.from(JSON.stringify(payload));
      for (const { at, drop, put } of changes) {
        const from = at % (raw.length + 1);
        raw = Buffer.concat([raw.subarray(0, from), put, raw.subarray(from + drop)]);
      }
      if (expectAgreement(raw)) agreed += 1;
    }),
    { numRuns: 3000 },
  );
  expect(agreed).toBeGreaterThan(500);
});
