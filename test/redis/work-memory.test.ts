import { expect, test } from 'vitest';
import { WorkMemory } from '../../src/redis/work-memory.ts';

function entry(jobClass: string): Buffer {
  return Buffer.from(
    JSON.stringify({ queue: 'q', payload: JSON.stringify({ class: jobClass, jid: 'a' }), run_at: 1 }),
  );
}

test('the same bytes are parsed once, other bytes anew, and who is gone is forgotten', () => {
  const memory = new WorkMemory();
  const read = (identity: string, raw: Buffer) => memory.read(identity, 't1', raw, 1000);
  memory.begin();
  const first = read('a', entry('One'));
  const other = read('b', entry('One'));
  expect(other).not.toBe(first);
  memory.begin();
  expect(read('a', entry('One'))).toBe(first);
  memory.begin();
  expect(read('a', entry('Two')).work.jobClass).toBe('Two');
  // b was not read last time.
  expect(read('b', entry('One'))).not.toBe(other);
});
