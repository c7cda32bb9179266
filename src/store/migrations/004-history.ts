import type { Migration } from './migration.ts';

/** The figures of the past, thinned with age, and what was alerted. */
export const history: Migration = {
  number: 4,
  name: 'history',
  usableFrom: 1,
  statements: ({ integer, table }) => [
    table(
      'history_samples',
      `sidekiq text not null,
       span_ms ${integer} not null,
       at_ms ${integer} not null,
       minutes ${integer} not null,
       body text not null,
       primary key (sidekiq, span_ms, at_ms)`,
    ),
    table(
      'incidents',
      `sidekiq text not null,
       id text not null,
       since_ms ${integer} not null,
       until_ms ${integer},
       bends_figures ${integer} not null,
       body text not null,
       primary key (sidekiq, id)`,
    ),
    'create index incidents_since on incidents (sidekiq, since_ms)',
  ],
};
