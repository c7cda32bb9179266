import type { Proposal } from '../../src/core/approval/proposal.ts';
import { openStore } from '../../src/store/open.ts';
import { proposed } from '../core/approval/cast.ts';
import { entryNumber } from '../core/audit/chain.ts';

/**
 * Changes one proposal again and again, each time with a record in the same transaction, and says the version that was
 * committed. It is there to be killed in the middle. The state itself does not matter, only that it moves.
 */
const store = await openStore(process.argv[2] ?? '');
for (;;) {
  const version = await store.transact(async (tx) => {
    const stored: Proposal | undefined = await tx.proposal('p1');
    if (stored === undefined) await tx.addProposal(proposed());
    else await tx.replaceProposal({ ...stored, version: stored.version + 1 });
    const next = (stored?.version ?? 0) + 1;
    await tx.append([entryNumber(next)]);
    return next;
  });
  process.stdout.write(`${version}\n`);
}
