import { thawAlerts } from '../core/alerts/memory.ts';
import type { Trouble } from '../core/alerts/trouble.ts';
import { owedOf } from '../core/archive/archive.ts';
import type { ArchiveReader } from '../ports/archive.ts';
import type { Clock } from '../ports/host.ts';
import type { Announcements } from '../ports/memory.ts';
import { type AuditReader, type ProposalReader, StoreError } from '../ports/store.ts';
import { within } from '../ports/within.ts';
import { alertsId } from './alert.ts';
import { planOf } from './plan-of.ts';

/** Whoever scrapes gives up after some ten seconds; a store that hangs is then told as one that does not answer. */
const STORE_WITHIN_MS = 2000;
const ASKED_AT_ONCE = 10;
/** More are never open at once; a state is then told as at least so many. */
const OPEN_MAX = 1000;

export type StoreSeen = {
  readonly proposalsByState: ReadonlyMap<string, number>;
  readonly auditRecords: number;
  /** Of each sidekiq, the kinds of its open alerts; without one whose alerts this version can't read. */
  readonly openAlerts: ReadonlyMap<string, readonly Trouble['kind'][]>;
  /** What actions took out of Redis and nobody has decided about, by sidekiq. */
  readonly debts: ReadonlyMap<string, Debt>;
};

/** `oldestMs`: how long ago the first job of the oldest archive that is owed left Redis; undefined where none is. */
type Debt = { readonly jobs: number; readonly oldestMs: number | undefined };

type ReadStore = ProposalReader &
  AuditReader &
  Pick<ArchiveReader, 'archives'> &
  Pick<Announcements, 'announcement'>;

/** What the store holds that somebody may want to be woken for; undefined when it does not answer. */
export async function lookAtStore(
  store: ReadStore,
  sidekiqs: readonly string[],
  clock: Clock,
): Promise<StoreSeen | undefined> {
  const look = async (): Promise<StoreSeen> => {
    const [open, head, openAlerts, debts] = await Promise.all([
      store.proposals({ isOpen: true, limit: OPEN_MAX }),
      store.auditHead(),
      openAlertsIn(store, sidekiqs),
      debtsIn(store, sidekiqs, clock.nowMs()),
    ]);
    const byState = Map.groupBy(open, ({ now }) => now.state);
    return {
      proposalsByState: new Map([...byState].map(([state, those]) => [state, those.length])),
      auditRecords: head.count,
      openAlerts,
      debts,
    };
  };
  const tooLate = () => new StoreError('unavailable', 'The store did not answer in time.');
  return within(clock, STORE_WITHIN_MS, look(), tooLate).catch(() => undefined);
}

async function openAlertsIn(store: ReadStore, sidekiqs: readonly string[]): Promise<StoreSeen['openAlerts']> {
  const kinds = await Promise.all(
    sidekiqs.map(async (name) => {
      const text = (await store.announcement(alertsId(name)))?.state;
      return [name, text === undefined ? [] : openKinds(text)] as const;
    }),
  );
  return new Map(kinds.flatMap(([name, open]) => (open === undefined ? [] : [[name, open]])));
}

/** Undefined for what another version wrote. */
function openKinds(text: string): readonly Trouble['kind'][] | undefined {
  try {
    const { alerts } = thawAlerts(text).state;
    return alerts.flatMap(({ phase, trouble }) => (phase === 'open' ? [trouble.kind] : []));
  } catch {
    return undefined;
  }
}

/** Of an action whose proposal can't be read; it is owed all the same. */
const UNKNOWN = '(unknown)';

async function debtsIn(
  store: ReadStore,
  sidekiqs: readonly string[],
  nowMs: number,
): Promise<StoreSeen['debts']> {
  const debts = new Map<string, Debt>(sidekiqs.map((name) => [name, { jobs: 0, oldestMs: undefined }]));
  // Archives are kept for years, and few of them are owed: only those are looked up. The oldest comes first.
  const owed = (await store.archives()).filter((archive) => owedOf(archive) > 0);
  const owners = await ownersOf(store, owed);
  for (const [nth, archive] of owed.entries()) {
    const sidekiq = owners[nth] ?? UNKNOWN;
    const before = debts.get(sidekiq);
    debts.set(sidekiq, {
      jobs: (before?.jobs ?? 0) + owedOf(archive),
      oldestMs: before?.oldestMs ?? Math.max(0, nowMs - archive.firstAtMs),
    });
  }
  return debts;
}

/** Their sidekiqs. Some at a time: over a slow line hundreds would take too long one by one, and all at once would be in others' way. */
async function ownersOf(
  store: ReadStore,
  owed: readonly { readonly actionId: string }[],
): Promise<readonly (string | undefined)[]> {
  const owners: (string | undefined)[] = [];
  for (let from = 0; from < owed.length; from += ASKED_AT_ONCE) {
    const plans = owed.slice(from, from + ASKED_AT_ONCE).map(({ actionId }) => planOf(store, actionId));
    owners.push(...(await Promise.all(plans)).map((plan) => plan?.sidekiq));
  }
  return owners;
}
