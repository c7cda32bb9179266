import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClassReader } from '../../../src/core/sidekiq/class-reader.ts';
import { readJob } from '../../../src/core/sidekiq/job.ts';
import { Page } from '../../../src/core/sidekiq/page.ts';
import { ValueReader } from '../../../src/redis/resp.ts';

const names = fc.constantFrom(
  'Recurring::DisasterJob',
  'A',
  '__proto__',
  'Quote"d',
  'Back\\slash',
  '"class":"Decoy"',
  'Ünïcode',
  'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
  'Sidekiq::ActiveJob::Wrapper',
  '',
);
const strange = fc.oneof(
  fc.string(),
  names,
  fc.integer(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);
const activeJob = fc.record({ job_class: strange, arguments: fc.array(strange, { maxLength: 2 }) });
const args = fc.array(fc.oneof(strange, activeJob, fc.jsonValue()), { maxLength: 3 });

/** Fields in any order, some missing, some twice, some with the wrong type, and keys that hide behind escapes. */
const fields = fc.shuffledSubarray(
  [
    'class',
    'args',
    'queue',
    'jid',
    'wrapped',
    'retry',
    'created_at',
    'tags',
    'cl\\u0061ss',
    'class',
    'a"args',
    'meta',
  ],
  { minLength: 1 },
);
const payload = fc.tuple(fields, names, names, args, strange).map(([keys, name, other, list, value]) => {
  const valueFor = (key: string, index: number) => {
    if (key === 'class') return index % 3 === 0 ? other : name;
    if (key === 'cl\\u0061ss') return other;
    if (key === 'args') return list;
    if (key === 'meta') return { args: list, class: other };
    if (key === 'tags') return [`"args":[`, '"wrapped":"Decoy"'];
    return key === 'wrapped' ? value : 'x';
  };
  const keyOf = (key: string) => (key.includes('\\u') ? `"${key}"` : JSON.stringify(key));
  return `{${keys.map((key, index) => `${keyOf(key)}:${JSON.stringify(valueFor(key, index))}`).join(',')}}`;
});

/** As Redis answers them, with lengths and the ends of lines between them. */
function replied(payloads: readonly string[]): Page {
  const strings = payloads.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
  const [page] = new ValueReader().push(Buffer.from(`*${payloads.length}\r\n${strings.join('')}`));
  return page instanceof Page ? page : Page.of([]);
}

function parsedClass(raw: Buffer): string | undefined {
  const reading = readJob(raw);
  return reading.kind === 'job' ? reading.job.jobClass : undefined;
}

test('the class read from the bytes before the arguments is the one that parsing everything gives', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 30 }), (payloads) => {
      const readClasses = createClassReader();
      const classes = payloads.map((text) => parsedClass(Buffer.from(text)));
      expect(readClasses(Page.of(payloads.map((text) => Buffer.from(text))))).toEqual(classes);
      // A second time with everything remembered, and in one piece of memory as replies are.
      expect(readClasses(replied(payloads))).toEqual(classes);
    }),
    { numRuns: 500 },
  );
});

test('bytes that are no JSON, cut off or no UTF-8 have no class', () => {
  const readClasses = createClassReader();
  const good = Buffer.from('{"class":"A","args":[1],"jid":"x"}');
  const page = [
    good,
    good.subarray(0, 20),
    Buffer.from([0xff, 0xfe]),
    Buffer.alloc(0),
    Buffer.from('{"class":"A","args":[1'),
  ];
  expect(readClasses(Page.of(page))).toEqual(['A', undefined, undefined, undefined, undefined]);
  const twoBadNames = [0xff, 0xfe].map((byte) =>
    Buffer.concat([Buffer.from('{"class":"A'), Buffer.from([byte]), Buffer.from('","args":[]}')]),
  );
  expect(readClasses(Page.of(twoBadNames))).toEqual([undefined, undefined]);
});

test('any bytes at all are survived, and answered as the full parse answers', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
      const page = chunks.map((bytes) => Buffer.from(bytes));
      expect(createClassReader()(Page.of(page))).toEqual(page.map(parsedClass));
    }),
  );
});

test('more headers than are remembered change nothing but the time', () => {
  const readClasses = createClassReader();
  const page = Array.from({ length: 10_000 }, (_, index) =>
    Buffer.from(`{"jid":"${index}","class":"C${index % 7}","args":[]}`),
  );
  expect(readClasses(Page.of(page))).toEqual(page.map((_, index) => `C${index % 7}`));
});
