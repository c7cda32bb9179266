import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Refusal } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import {
  type ParsedWords,
  parseCommandText,
  parseWords,
  refuseUnknownCommand,
  type WordsWanted,
} from '../../src/core/words.ts';

const PURGE: WordsWanted = {
  name: 'purge',
  usage: 'purge CLASS [--queue NAME]… [--reason TEXT]',
  words: { max: 1, options: { queue: 'many', reason: 'rest', plan: 'flag', percent: 'one' } },
};
const SIDEKIQS = ['payroll', 'default'];

function parse(text: string, wanted: WordsWanted = PURGE): ParsedWords | Refusal {
  const line = parseCommandText(text);
  if ('type' in line) return line;
  return parseWords(line.tokens, wanted, SIDEKIQS);
}

function understood(text: string) {
  const parsed = parse(text);
  if (parsed.type === 'refusal') throw new Error(`${text}: ${said(parsed)}`);
  return {
    words: parsed.words.words,
    options: Object.fromEntries(parsed.words.options),
    ...(parsed.on === undefined ? {} : { on: parsed.on }),
  };
}

function refusal(text: string): string {
  const parsed = parse(text);
  if (parsed.type !== 'refusal') throw new Error(`${text} was understood`);
  return said(parsed);
}

const said = ({ reason, remedy }: Refusal) => `${plainText(reason)} ${plainText(remedy)}`;

test('a class, repeated options and a reason are told apart', () => {
  expect(understood('purge Foo::Job --queue default --queue=low --reason it kills every worker')).toEqual({
    words: ['Foo::Job'],
    options: { queue: ['default', 'low'], reason: ['it kills every worker'] },
  });
});

test.each([
  ['curly quotes', 'purge “Foo::Job”', { words: ['Foo::Job'], options: {} }],
  ['an em dash for two hyphens', 'purge Foo —queue low', { words: ['Foo'], options: { queue: ['low'] } }],
  ['two en dashes', 'purge Foo ––queue low', { words: ['Foo'], options: { queue: ['low'] } }],
  ['no-break spaces', 'purge\u00a0Foo\u202f--plan', { words: ['Foo'], options: { plan: [] } }],
  ['zero-width characters', 'purge Fo\u200bo\ufeff', { words: ['Foo'], options: {} }],
  ['line breaks', 'purge Foo\n--queue\tlow', { words: ['Foo'], options: { queue: ['low'] } }],
  ['backticks out of an answer', 'purge `Foo::Job`', { words: ['Foo::Job'], options: {} }],
  ['the command pasted along', '/sidekiq purge Foo', { words: ['Foo'], options: {} }],
  ['direction controls', 'purge \u202eFoo', { words: ['Foo'], options: {} }],
])('what phones and people do is undone: %s', (_, text, expected) => {
  expect(understood(text)).toEqual(expected);
});

test('an apostrophe inside a word and a quote that is not closed are characters like others', () => {
  expect(understood("purge can't")).toEqual({ words: ["can't"], options: {} });
  expect(understood('purge "Foo')).toEqual({ words: ['"Foo'], options: {} });
  expect(understood(`purge Foo --reason it can’t wait, ’tis "broken`).options).toEqual({
    reason: [`it can't wait, 'tis "broken`],
  });
});

test('what is quoted is never an option and never the word on', () => {
  expect(understood('purge "--queue"')).toEqual({ words: ['--queue'], options: {} });
  expect(understood('purge "on"')).toEqual({ words: ['on'], options: {} });
  expect(understood('purge Foo --queue="two words"').options).toEqual({ queue: ['two words'] });
  expect(understood('purge Foo --reason "see --queue" --plan').options).toEqual({
    reason: ['see --queue'],
    plan: [],
  });
});

test('mentions stay one word, as Slack wrote them', () => {
  expect(understood('purge <@U1|Ann Lee>').words).toEqual(['<@U1|Ann Lee>']);
  expect(understood('purge Foo --reason asked by <@U1|ann> in <#C1|ops>').options).toEqual({
    reason: ['asked by <@U1|ann> in <#C1|ops>'],
  });
});

test.each([
  'purge on payroll Foo',
  'purge Foo on payroll',
  'purge Foo --on payroll',
  'purge --sidekiq=payroll Foo',
  'purge Foo on payroll --sidekiq payroll',
])('a sidekiq is picked anywhere after the name: %s', (text) => {
  expect(understood(text)).toEqual({ words: ['Foo'], options: {}, on: 'payroll' });
});

test('at the end of free text, on NAME picks a sidekiq when there is one of that name, and is prose otherwise', () => {
  expect(understood('purge Foo --reason fix is out on payroll')).toEqual({
    words: ['Foo'],
    options: { reason: ['fix is out'] },
    on: 'payroll',
  });
  expect(understood('purge Foo --reason "fix is out" on payroll').on).toBe('payroll');
  expect(understood('purge Foo --reason stuck on monday')).toEqual({
    words: ['Foo'],
    options: { reason: ['stuck on monday'] },
  });
});

test.each([
  ['purge Foo Bar', 'Bar is too much: nothing more can follow there.'],
  ['purge Foo --queeu low', 'purge has no option --queeu. Did you mean --queue?'],
  ['purge Foo --zzz', 'purge has no option --zzz.'],
  ['purge -queue low', 'purge has no option -queue. Did you mean --queue?'],
  ['purge Foo --queue', '--queue needs a value.'],
  ['purge Foo --queue --plan', '--queue needs a value.'],
  ['purge Foo --plan=yes', '--plan takes no value.'],
  ['purge Foo --percent 1 --percent 2', '--percent is given twice.'],
  ['purge Foo on', 'on needs the name of a sidekiq.'],
  ['purge Foo on payroll on default', 'Two sidekiqs are named, payroll and default; one can be.'],
  ['purge Foo --__proto__ x', 'purge has no option --__proto__.'],
  ['purge Foo --constructor x', 'purge has no option --constructor.'],
])('what is not understood is refused with the right form: %s', (text, reason) => {
  expect(refusal(text)).toBe(`${reason} It is written /sidekiq ${PURGE.usage}.`);
});

test('a command without words says that none can follow', () => {
  const parsed = parse('audit everything', { name: 'audit', usage: 'audit', words: { max: 0, options: {} } });
  expect(parsed.type === 'refusal' && said(parsed)).toBe(
    'everything is too much: no word can follow there. It is written /sidekiq audit.',
  );
});

test.each(['', '   ', '?', '--help', '\u200b', 'HELP'])('%j asks for help', (text) => {
  expect(parseCommandText(text)).toMatchObject({ name: 'help' });
});

test('text longer than any command is refused', () => {
  expect(parseCommandText('x'.repeat(1501))).toMatchObject({ type: 'refusal', code: 'too_long' });
});

test('an unknown command is answered with the nearest one, or with all of them', () => {
  const names = ['help', 'health', 'backlog', 'suspects'];
  expect(said(refuseUnknownCommand('heatlh', names))).toBe('heatlh is not a command. Did you mean health?');
  expect(said(refuseUnknownCommand('back', names))).toContain('Did you mean backlog?');
  expect(said(refuseUnknownCommand('frobnicate', names))).toContain('help, health, backlog, suspects');
  expect(said(refuseUnknownCommand('w'.repeat(400), names)).length).toBeLessThan(150);
});

const anyTyped = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        'on',
        'payroll',
        '--queue',
        '—reason',
        '"',
        "'",
        '`',
        '<@U1|a b>',
        '=',
        ' ',
        '\u00a0',
        'Foo',
        '-',
        '--',
        '--plan=',
      ),
      { maxLength: 12 },
    )
    .chain((parts) => fc.constantFrom(parts.join(''), parts.join(' '))),
);

test('no text whatever makes it throw, and normalising twice changes nothing', () => {
  fc.assert(
    fc.property(anyTyped, (text) => {
      parse(text);
      const once = parseCommandText(`x ${text}`);
      if ('type' in once) return;
      const twice = parseCommandText(once.typed);
      expect(twice).toEqual(once);
    }),
    { numRuns: 2000 },
  );
});

test('every word that was typed is used or refused', () => {
  const plain = fc.stringMatching(/^[A-Za-z:]{1,8}$/).filter((word) => word !== 'on');
  fc.assert(
    fc.property(
      fc.array(plain, { maxLength: 4 }),
      fc.array(plain, { minLength: 1, maxLength: 4 }),
      (words, reason) => {
        const parsed = parse(`purge ${words.join(' ')} --reason ${reason.join(' ')}`);
        if (parsed.type === 'refusal') {
          expect(words.length).toBeGreaterThan(1);
          return;
        }
        expect(parsed.words.words).toEqual(words);
        expect(parsed.words.options.get('reason')).toEqual([reason.join(' ')]);
      },
    ),
  );
});
