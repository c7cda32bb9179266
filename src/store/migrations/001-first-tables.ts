import type { Migration } from './migration.ts';

/** Proposals, the audit log, leases, what the watcher remembers, announcements. */
export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  usableFrom: 1,
  statements: ({ integer, bytes, table }) => [
    table(
      'proposals',
      `id text not null primary key,
       version ${integer} not null,
       is_open ${integer} not null,
       subject text not null,
       proposed_at_ms ${integer} not null,
       deadline_ms ${integer},
       body text not null`,
    ),
    // The last guard against opening the same thing twice, whatever the program believes.
    'create unique index proposals_open on proposals (subject) where is_open = 1',
    'create index proposals_deadline on proposals (deadline_ms) where deadline_ms is not null',
    'create index proposals_newest on proposals (proposed_at_ms)',
    table('audit_records', `number ${integer} not null primary key, line text not null`),
    table(
      'leases',
      `name text not null primary key,
       holder text not null,
       fence ${integer} not null,
       expires_at_ms ${integer} not null`,
    ),
    table(
      'evidence',
      `sidekiq text not null primary key, format ${integer} not null, body ${bytes} not null`,
    ),
    table(
      'crashes',
      `sidekiq text not null,
       id text not null,
       at_ms ${integer} not null,
       body text not null,
       primary key (sidekiq, id)`,
    ),
    'create index crashes_newest on crashes (sidekiq, at_ms)',
    table(
      'announcements',
      `id text not null primary key,
       version ${integer} not null,
       state text not null,
       channel text,
       message_id text`,
    ),
  ],
};
