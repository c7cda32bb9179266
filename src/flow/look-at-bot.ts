import type { Clock } from '../ports/host.ts';
import type { AuditReader, ProposalReader } from '../ports/store.ts';

/** Whoever scrapes gives up after some ten seconds; a store that hangs is then told as one that does not answer. */
const STORE_WITHIN_MS = 2000;
/** More are never open at once; a state is then told as at least so many. */
const OPEN_MAX = 1000;

export type StoreSeen = {
  readonly proposalsByState: ReadonlyMap<string, number>;
  readonly auditRecords: number;
};

/** What the store holds that somebody may want to be woken for; undefined when it does not answer. */
export async function lookAtStore(
  store: ProposalReader & AuditReader,
  clock: Clock,
): Promise<StoreSeen | undefined> {
  const answered = new AbortController();
  const look = async (): Promise<StoreSeen> => {
    const [open, head] = await Promise.all([
      store.proposals({ isOpen: true, limit: OPEN_MAX }),
      store.auditHead(),
    ]);
    const byState = Map.groupBy(open, ({ now }) => now.state);
    return {
      proposalsByState: new Map([...byState].map(([state, those]) => [state, those.length])),
      auditRecords: head.count,
    };
  };
  const tooLate = clock.wait(STORE_WITHIN_MS, answered.signal).then(() => undefined);
  try {
    return await Promise.race([look().catch(() => undefined), tooLate]);
  } finally {
    answered.abort();
  }
}
