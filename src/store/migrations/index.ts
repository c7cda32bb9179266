import { firstTables } from './001-first-tables.ts';
import { archive } from './002-archive.ts';
import { archiveEnds } from './003-archive-ends.ts';
import type { Migration } from './migration.ts';

/** In order, without gaps. */
export const MIGRATIONS: readonly Migration[] = [firstTables, archive, archiveEnds];
