import fc from 'fast-check';
import { expect, test } from 'vitest';
import { play } from './play.ts';
import { TARGETS } from './targets.ts';

/** A short walk; `npm run -s fuzz` goes 200,000 cases with each. */
const RUNS = 3000;

test.each(TARGETS)('$name: nothing that is written breaks its reader', ({ cases, hold }) => {
  fc.assert(fc.property(cases, hold), { numRuns: RUNS });
  expect(fc.sample(cases, 1)).toHaveLength(1);
});

test('most deliveries that are made up get past the JSON, to the reader itself', () => {
  const target = TARGETS.find(({ name }) => name === 'body of a delivery');
  if (target === undefined) throw new Error('no such target');
  const isObject = (text: string) => {
    try {
      const body: unknown = JSON.parse(text);
      return typeof body === 'object' && body !== null && !Array.isArray(body);
    } catch {
      return false;
    }
  };
  const made = fc.sample(target.cases, { numRuns: 1000, seed: 1 });
  expect(made.filter(isObject).length).toBeGreaterThan(500);
});

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
