import fc from 'fast-check';
import type { Reply } from '../../../src/core/reply/reply.ts';

/** Replies as hostile as Redis can make them: every string may be anything, empty or far too long. */
const HOSTILE = [
  '',
  ' ',
  '`',
  '```',
  '<!channel>',
  '<!here|x>',
  '<@U0EVERYONE>',
  '<https://evil.example|click>',
  '&',
  '&lt;',
  '*_~*',
  '🧨'.repeat(40),
  '👩‍👩‍👧‍👦',
  'مرحبا بالعالم',
  '\u202eelbisrever',
  'line\nbreak\r\ttab\u0000\u001b[31m',
  '\ud800',
  '\udc00x',
  'Foo::Bar::Baz',
  '__proto__',
  '<'.repeat(4000),
  '&'.repeat(4000),
  'x'.repeat(5000),
  '💥'.repeat(2500),
];

const words = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 40 }),
);
const span = fc.oneof(
  words,
  words.map((code) => ({ code })),
  words.map((bold) => ({ bold })),
  fc.oneof(fc.double(), fc.integer({ min: 0, max: 4e12 })).map((atMs) => ({ atMs })),
  fc.oneof(words, fc.constant('U0ANN')).map((person) => ({ person })),
);
const text = fc.array(span, { maxLength: 8 });
const tone = fc.constantFrom('good' as const, 'warning' as const, 'bad' as const, 'neutral' as const);

const table = fc
  .record({
    caption: words,
    columns: fc.array(
      fc.record({ heading: words, align: fc.constantFrom('left' as const, 'right' as const) }),
      {
        maxLength: 30,
      },
    ),
    rows: fc.array(fc.array(words, { maxLength: 30 }), { maxLength: 150 }),
    more: fc.option(words),
  })
  .map(({ more, ...rest }) => (more === null ? rest : { ...rest, more }));

const chart = fc.record({
  type: fc.constantFrom('line' as const, 'bar' as const, 'area' as const),
  title: words,
  xLabel: words,
  yLabel: words,
  categories: fc.array(words, { maxLength: 60 }),
  series: fc.array(
    fc.record({
      name: words,
      values: fc.array(fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.double()), { maxLength: 60 }),
    }),
    { maxLength: 9 },
  ),
});

const part = fc.oneof(
  text.map((text) => ({ type: 'paragraph' as const, text })),
  words.map((text) => ({ type: 'heading' as const, text })),
  fc.record({
    type: fc.constant('list' as const),
    items: fc.array(fc.record({ tone, text }), { maxLength: 80 }),
    left: fc.nat(),
  }),
  fc
    .array(fc.record({ label: words, value: text }), { maxLength: 25 })
    .map((facts) => ({ type: 'facts' as const, facts })),
  table.map((table) => ({ type: 'table' as const, table })),
  chart.map((chart) => ({ type: 'chart' as const, chart })),
  text.map((text) => ({ type: 'note' as const, text })),
);

const button = fc.oneof(
  fc.record({ type: fc.constant('ask' as const), label: words, command: words }),
  fc.record({ type: fc.constant('refresh' as const), command: words }),
  fc.constant({ type: 'share' as const }),
);

export const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      tone,
      headline: text,
      parts: fc.array(part, { maxLength: 12 }),
      buttons: fc.array(button, { maxLength: 40 }),
      data: fc.constant(null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('refusal' as const),
      code: fc.constant('any'),
      reason: text,
      remedy: text,
      buttons: fc.array(button, { maxLength: 40 }),
    }),
  },
);
