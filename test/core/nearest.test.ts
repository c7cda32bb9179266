import { expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest.ts';

const QUEUES = ['default', 'mailers', 'within_5_minutes', 'critical', '__proto__'];

test.each([
  ['defualt', ['default']],
  ['Mailer', ['mailers']],
  ['5_min', ['within_5_minutes']],
  ['zzz', []],
  ['__proto', ['__proto__']],
])('%s suggests %j', (word, names) => {
  expect(nearest(word, QUEUES, 3)).toEqual(names);
});
