import { expect, test } from 'vitest';
import { Spares } from '../../src/core/spares.ts';

test('what was given back is taken again, if it is large enough', () => {
  const spares = new Spares(2);
  const first = spares.take(100_000);
  expect(first).toHaveLength(100_000);
  spares.giveBack(first);
  const larger = spares.take(200_000);
  expect(larger.buffer).not.toBe(first.buffer);
  const smaller = spares.take(120_000);
  expect(smaller).toHaveLength(120_000);
  expect(smaller.buffer).toBe(first.buffer);
  expect(spares.take(10).buffer).not.toBe(first.buffer);
});

test('no more are kept than may be', () => {
  const spares = new Spares(1);
  const [one, other] = [spares.take(1000), spares.take(1000)];
  spares.giveBack(one);
  spares.giveBack(other);
  expect(spares.take(1000).buffer).toBe(one.buffer);
  expect(spares.take(1000).buffer).not.toBe(other.buffer);
});
