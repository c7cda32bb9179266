import fc from 'fast-check';
import { expect, test } from 'vitest';
import { submissionIn } from '../../src/slack/submission.ts';
import { play } from './play.ts';
import { TARGETS } from './targets.ts';

/** A short walk; `npm run -s fuzz` goes 200,000 cases with each. */
const RUNS = 3000;

test.each(TARGETS)('$name: nothing that is written breaks its reader', ({ cases, hold }) => {
  fc.assert(fc.property(cases, hold), { numRuns: RUNS });
  expect(fc.sample(cases, 1)).toHaveLength(1);
});

test.each(['body of a delivery', 'window that is sent off'])(
  'most of what is made up for the %s gets past the JSON, to the reader itself',
  (name) => {
    const made = fc.sample(casesOf(name), { numRuns: 1000, seed: 1 });
    const isObject = (text: string) => {
      try {
        const body: unknown = JSON.parse(text);
        return typeof body === 'object' && body !== null && !Array.isArray(body);
      } catch {
        return false;
      }
    };
    expect(made.filter(isObject).length).toBeGreaterThan(500);
  },
);

test('windows that are made up are read and refused, both', () => {
  const made = fc.sample(casesOf('window that is sent off'), { numRuns: 1000, seed: 1 });
  const read = made.filter((text) => {
    try {
      return submissionIn(JSON.parse(text)) !== undefined;
    } catch {
      return false;
    }
  });
  expect(read.length).toBeGreaterThan(100);
  expect(read.length).toBeLessThan(900);
});

function casesOf(wanted: string): fc.Arbitrary<string> {
  const target = TARGETS.find(({ name }) => name === wanted);
  if (target === undefined) throw new Error('no such target');
  return target.cases;
}

test('a parser that never ends is found with its case, and one that throws, too', async () => {
  const endless = new URL('./endless.ts', import.meta.url);
  expect(await play(endless, 'endless', 1000, 1500)).toEqual({ type: 'never ends', text: 'fatal\ud800' });
  expect(await play(endless, 'throwing', 1000)).toMatchObject({
    type: 'broken',
    text: 'fatal',
    why: 'RangeError: no',
  });
  const held = await play(new URL('./targets.ts', import.meta.url), 'command text', 100);
  expect(held.type).toBe('held');
}, 60_000);
