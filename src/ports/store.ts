/** What must last: proposals, records, leases; all of it changes in transactions. */
import type { Proposal } from '../core/approval/proposal.ts';
import type { Entry } from '../core/audit/entry.ts';
import type { AuditHead, AuditRecord } from '../core/audit/record.ts';
import type { StoredLine } from '../core/audit/verify.ts';
import type { ArchiveReader, RescueReader, StepWriter } from './archive.ts';
import type { Announcements, CrashHistory, EvidenceStore, HistoryStore, Memos } from './memory.ts';

/**
 * What must last. Every method @throws {StoreError} when the database fails; nothing is ever half written.
 *
 * `transact` is the only way to change a proposal, because its records are written with it. Transactions come one after
 * another, over all replicas: do nothing slow inside, and use nothing but `tx`.
 */
export interface Store
  extends ProposalReader,
    AuditReader,
    ArchiveReader,
    RescueReader,
    Leases,
    StoreTime,
    EvidenceStore,
    CrashHistory,
    HistoryStore,
    Announcements,
    Memos,
    AsyncDisposable {
  /** All of it is written when `work` has returned, nothing of it when `work` throws. */
  transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
}

export interface StoreTransaction extends StepWriter {
  proposal(id: string): Promise<Proposal | undefined>;
  /** The proposal of this subject (core/plan.ts) that is still open. */
  openProposal(subject: string): Promise<Proposal | undefined>;
  /** False when one of the same subject or id is there already. */
  addProposal(proposal: Proposal): Promise<boolean>;
  /** Compare and set: false when the stored one is not of the version before `next`. */
  replaceProposal(next: Proposal): Promise<boolean>;
  /** Adds these to the audit log, in order, and gives its new head. */
  append(entries: readonly Entry[]): Promise<AuditHead>;
}

export interface ProposalReader {
  proposal(id: string): Promise<Proposal | undefined>;
  /** The newest first, without those that this version can't read; `isWhole`: rather a failure than a list without them. */
  proposals(filter: ProposalFilter): Promise<readonly Proposal[]>;
  /** Those whose time to be approved or started is over, the longest overdue first; also without the unreadable. */
  overdueProposals(nowMs: number, limit: number): Promise<readonly Proposal[]>;
  /** Which of the newest this version can't read: a newer one wrote them, or they were changed. Lists leave them out. */
  unreadableProposals(limit: number): Promise<readonly string[]>;
}

type ProposalFilter = {
  readonly isOpen?: boolean;
  readonly limit: number;
  readonly isWhole?: boolean;
};

export interface AuditReader {
  auditHead(): Promise<AuditHead>;
  /** The newest first. */
  latestRecords(limit: number): Promise<readonly AuditRecord[]>;
  /** Every line as it is stored, oldest first, read in pages; not parsed, so that it can be judged. */
  auditLines(afterNumber?: number): AsyncIterable<StoredLine>;
}

/**
 * The right to do something alone, for a time. The database's clock decides, so replicas need not agree on the time. A
 * holder that could not renew for `ttlMs` by its own clock must stop. `fence` goes up with every new holder.
 */
export interface Leases {
  /** Undefined while another holds it. Asking again as the same holder renews it. */
  acquireLease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** False when it ran out or was taken over. */
  renewLease(lease: Lease, ttlMs: number): Promise<boolean>;
  releaseLease(lease: Lease): Promise<void>;
}

export interface StoreTime {
  /** By the database's own clock, which all replicas share; that of SQLite is this machine's. */
  nowMs(): Promise<number>;
}

export type Lease = { readonly name: string; readonly holder: string; readonly fence: number };

export type StoreErrorCode =
  | 'unavailable'
  | 'full'
  | 'read_only'
  | 'locked'
  | 'corrupt'
  | 'owned'
  | 'schema_newer'
  | 'schema_older'
  | 'missing'
  | 'bad_url'
  | 'audit_key'
  | 'outcome_unknown';

/** The store failed. Nothing was written, but for `outcome_unknown`: the line was lost while it was being written. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
