import fc from 'fast-check';
import { expect, test } from 'vitest';
import { purge } from '../../../commands/purge.ts';
import { purgeCommand } from '../../../src/core/actions/purge-form.ts';
import { parseCommandText, parseWords } from '../../../src/core/words.ts';

function parsed(text: string) {
  const command = parseCommandText(text);
  if ('type' in command) throw new Error(text);
  const words = parseWords(command.tokens, purge, ['payroll']);
  if (words.type === 'refusal') throw new Error(text);
  return words;
}

test('what was sent off is the command that says the same', () => {
  const fields = new Map([
    ['class', 'Recurring::DisasterJob'],
    ['queue', 'on'],
    ['reason', 'it kills\nthe workers --plan on ledger'],
  ]);
  const { words, on } = parsed(String(purgeCommand(fields, 'payroll')));
  expect(on).toBe('payroll');
  expect(words.words).toEqual(['Recurring::DisasterJob']);
  expect(words.options.get('queue')).toEqual(['on']);
  expect(words.options.get('reason')).toEqual(['it kills the workers --plan on ledger']);
});

test('what is typed goes before what is chosen, and nothing at all is a sentence beside the field', () => {
  const both = new Map([
    ['class', 'A'],
    ['other', ' B '],
    ['reason', 'x'],
  ]);
  expect(parsed(String(purgeCommand(both, 'payroll'))).words.words).toEqual(['B']);
  const neither = purgeCommand(new Map([['reason', 'x']]), 'payroll');
  expect(neither).toMatchObject({ type: 'errors' });
});

test('whatever is given as the reason stays one', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }), (reason) => {
      const { words } = parsed(
        String(
          purgeCommand(
            new Map([
              ['class', 'A'],
              ['reason', `why ${reason}`],
            ]),
            'payroll',
          ),
        ),
      );
      expect(words.words).toEqual(['A']);
      expect([...words.options.keys()]).toEqual(['reason']);
      expect(words.options.get('reason')?.[0]).toMatch(/^why/);
    }),
    { numRuns: 2000 },
  );
});

test('whatever class is chosen is the class that is named, or nobody could type it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), (jobClass) => {
      const command = purgeCommand(
        new Map([
          ['class', jobClass],
          ['reason', 'because'],
        ]),
        'payroll',
      );
      if (typeof command !== 'string') return;
      expect(parsed(command).words.words).toEqual([jobClass]);
    }),
    { numRuns: 2000 },
  );
});
