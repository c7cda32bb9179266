import type { Kysely } from 'kysely';

/** The tables as migrations/ leaves them. Numbers are whole and safe: times in ms, counts, versions. */
export type Tables = {
  proposals: {
    id: string;
    version: number;
    is_open: number;
    subject: string;
    proposed_at_ms: number;
    deadline_ms: number | null;
    body: string;
  };
  audit_records: { number: number; line: string };
  leases: { name: string; holder: string; fence: number; expires_at_ms: number };
  evidence: { sidekiq: string; format: number; body: Uint8Array };
  crashes: { sidekiq: string; id: string; at_ms: number; body: string };
  announcements: {
    id: string;
    version: number;
    state: string;
    channel: string | null;
    message_id: string | null;
  };
  archive_chunks: {
    action_id: string;
    number: number;
    place_kind: string;
    /** Of the queue, the key of the private list, or empty. */
    place_name: string;
    /** Where the jobs of a private list came from, if that is known. */
    place_queue: string | null;
    job_count: number;
    /** Before compression. */
    size_bytes: number;
    sha256: string;
    body: Uint8Array;
    archived_at_ms: number;
    /** Null until it is known what became of its jobs: the first so many of them were tried… */
    tried_count: number | null;
    /** …so many left Redis… */
    removed_count: number | null;
    /** …and which, as bits; null when all did. */
    removed: Uint8Array | null;
  };
  archive_ends: {
    action_id: string;
    chunk: number;
    /** Of the jobs of the chunk that left Redis… */
    first: number;
    /** …so many. */
    jobs: number;
    job_end: string;
    by_action_id: string;
    at_ms: number;
  };
  rescued_jobs: {
    action_id: string;
    number: number;
    queue: string;
    job_count: number;
    jobs: string;
  };
  history_samples: {
    sidekiq: string;
    span_ms: number;
    at_ms: number;
    minutes: number;
    body: string;
  };
  incidents: {
    sidekiq: string;
    id: string;
    since_ms: number;
    /** Null while it lasts. */
    until_ms: number | null;
    bends_figures: number;
    body: string;
  };
  memos: { id: string; until_ms: number; body: string };
  poison_control_migrations: { number: number; name: string };
  /** Of each migration since there is this table, the oldest schema that may use what it left. */
  poison_control_usable_from: { number: number; usable_from: number };
};

export type Database = Kysely<Tables>;
