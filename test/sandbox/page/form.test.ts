import { expect, test } from 'vitest';
import { createForm, type Field } from '../../../src/sandbox/page/form.ts';

const field = (value: string | null, problem?: string): Field => ({
  read: () => value,
  problem: () => problem,
  focus: () => undefined,
});

test('values are named by block and action, problems by block', () => {
  const form = createForm({});
  form.add('b1', 'a1', field('x'));
  form.add('b1', 'a2', field(null));
  form.add('b2', 'a1', field('', 'Fill this in.'));
  expect(form.values()).toEqual({ b1: { a1: 'x', a2: null }, b2: { a1: '' } });
  expect([...form.problems()]).toEqual([['b2', 'Fill this in.']]);
});

test('a redrawn form knows what stood in it, and takes no name from the language for an answer', () => {
  const form = createForm({ b1: { a1: 'x', a2: null } });
  expect(form.kept('b1', 'a1')).toBe('x');
  expect(form.kept('b1', 'a2')).toBeNull();
  expect(form.kept('b1', 'toString')).toBeUndefined();
  expect(form.kept('constructor', 'name')).toBeUndefined();
});
