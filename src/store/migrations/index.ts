import { firstTables } from './001-first-tables.ts';
import { archive } from './002-archive.ts';
import { rescuedJobs } from './003-rescued-jobs.ts';
import { history } from './004-history.ts';
import { archiveEnds } from './005-archive-ends.ts';
import { usableFrom } from './006-usable-from.ts';
import { memos } from './007-memos.ts';
import type { Migration } from './migration.ts';

/** In order, without gaps. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  archive,
  rescuedJobs,
  history,
  archiveEnds,
  usableFrom,
  memos,
];
