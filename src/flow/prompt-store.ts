import type { Clock } from '../ports/host.ts';
import type { Announcements, EvidenceStore, HistoryStore } from '../ports/memory.ts';
import { type Leases, StoreError } from '../ports/store.ts';
import { within } from '../ports/within.ts';

/** Looks follow each other every few seconds, and a person waits for an answer. */
const WITHIN_MS = 3000;

/** What looking and alerting ask of the store: they go on without its answer. */
export type PromptStore = Announcements &
  EvidenceStore &
  Leases &
  Pick<HistoryStore, 'samples' | 'incidents' | 'saveIncident'>;

/**
 * The same store for those who must not wait: a store that hangs is to them as one that is gone. What they asked for is left to
 * end by itself; a write among it may still be written, and none of theirs does harm late. Renewing a lease has a deadline of its
 * own (lease.ts).
 */
export function promptly(store: PromptStore, clock: Clock): PromptStore {
  const inTime = <T>(asked: Promise<T>, code: 'unavailable' | 'outcome_unknown'): Promise<T> =>
    within(clock, WITHIN_MS, asked, () => new StoreError(code, 'The store did not answer in time.'));
  const reading = <T>(asked: Promise<T>) => inTime(asked, 'unavailable');
  const writing = <T>(asked: Promise<T>) => inTime(asked, 'outcome_unknown');
  return {
    announcement: (...asked) => reading(store.announcement(...asked)),
    announcements: (...asked) => reading(store.announcements(...asked)),
    saveAnnouncement: (...asked) => writing(store.saveAnnouncement(...asked)),
    evidence: (...asked) => reading(store.evidence(...asked)),
    saveEvidence: (...asked) => writing(store.saveEvidence(...asked)),
    samples: (...asked) => reading(store.samples(...asked)),
    incidents: (...asked) => reading(store.incidents(...asked)),
    saveIncident: (...asked) => writing(store.saveIncident(...asked)),
    acquireLease: (...asked) => writing(store.acquireLease(...asked)),
    renewLease: (...asked) => store.renewLease(...asked),
    releaseLease: (...asked) => writing(store.releaseLease(...asked)),
  };
}
