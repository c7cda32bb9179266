import { expect, test } from 'vitest';
import { EMPTY, sent, stepped } from '../../../../src/sandbox/page/parts/history.ts';

test('Up brings back the lines in turn, Down returns to what was being written', () => {
  const history = sent(sent(EMPTY, 'one'), 'two');
  const up = stepped(history, -1, 'dra');
  expect(up?.line).toBe('two');
  const further = stepped(up?.history ?? EMPTY, -1, 'two');
  expect(further?.line).toBe('one');
  expect(stepped(further?.history ?? EMPTY, -1, 'one')).toBeUndefined();
  const back = stepped(further?.history ?? EMPTY, 1, 'one');
  expect(stepped(back?.history ?? EMPTY, 1, 'two')?.line).toBe('dra');
});

test('a line that is sent again stands in the history once, at its end', () => {
  expect(sent(sent(sent(EMPTY, 'one'), 'two'), 'one').lines).toEqual(['two', 'one']);
});
