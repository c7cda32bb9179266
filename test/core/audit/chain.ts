import type { Entry } from '../../../src/core/audit/entry.ts';
import { EMPTY_HEAD, encodeRecord, headOf, sealEntry } from '../../../src/core/audit/record.ts';
import type { StoredLine } from '../../../src/core/audit/verify.ts';

/** An entry as the story writes them; `index` makes each different. */
export function entryNumber(index: number): Entry {
  return {
    who: { id: `U${index % 7}`, name: 'Ann Ünal “on call”' },
    what: 'vote',
    where: 'C0PAYROLL',
    atMs: 1_700_000_000_000 + index,
    why: 'it eats the workers',
    sidekiq: 'payroll',
    proposalId: index % 3 === 0 ? null : `p${index}`,
    fingerprint: null,
    result: `agrees, ${index} of 2`,
  };
}

/** The lines of an exported chain. */
export function chainOf(count: number, key?: string): string[] {
  const lines: string[] = [];
  let head = EMPTY_HEAD;
  for (let index = 1; index <= count; index += 1) {
    const record = sealEntry(entryNumber(index), head, key);
    lines.push(encodeRecord(record));
    head = headOf(record);
  }
  return lines;
}

export function stored(lines: readonly string[]): StoredLine[] {
  return lines.map((line, index) => ({ number: index + 1, line }));
}
