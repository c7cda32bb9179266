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
  poison_control_migrations: { number: number; name: string };
};

export type Database = Kysely<Tables>;
