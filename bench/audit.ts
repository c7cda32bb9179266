import { EMPTY_HEAD, encodeRecord, headOf, sealEntry } from '../src/core/audit/record.ts';
import { type StoredLine, verifyChain } from '../src/core/audit/verify.ts';
import { type Benchmark, timed } from './benchmark.ts';
import { ofRounds } from './figure.ts';

const RECORDS = 10_000;
const ROUNDS = 5;

/** What somebody waits for who asks whether the audit log is sound. */
export const audit: Benchmark = {
  name: 'audit',
  async run() {
    const lines = chain();
    const tookS: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) tookS.push((await timed(() => verify(lines))) / 1000);
    return [{ what: `verify ${RECORDS} records`, ...ofRounds(tookS), unit: 's', atMost: 2 }];
  },
};

async function verify(lines: readonly StoredLine[]): Promise<void> {
  const verdict = await verifyChain(lines);
  if (verdict.type !== 'sound' || verdict.head.count !== RECORDS) throw new Error('the chain is not sound');
}

function chain(): StoredLine[] {
  let head = EMPTY_HEAD;
  return Array.from({ length: RECORDS }, (_, index) => {
    const entry = {
      who: { id: 'U0BEN', name: 'Ben' },
      what: 'vote',
      where: 'C0PAYROLL',
      atMs: 1_795_454_560_770 + index,
      why: 'it eats the workers, and the fix is out',
      sidekiq: 'payroll',
      proposalId: `proposal-${index}`,
      fingerprint: head.hash,
      result: 'agrees, 1 of 2',
    };
    const record = sealEntry(entry, head, undefined);
    head = headOf(record);
    return { number: record.number, line: encodeRecord(record) };
  });
}
