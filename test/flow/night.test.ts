import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginStory } from '../../src/core/migration/story.ts';
import { freezeMigration, migrationId } from '../../src/flow/migration-note.ts';
import { readNight } from '../../src/flow/night.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { openStore } from '../../src/store/open.ts';
import { strandedSurvey } from '../core/migration/surveys.ts';
import { CALENDAR, NOW_MS } from '../core/report/mornings.ts';
import { aPolicy } from '../snapshots.ts';
import { DATABASE_NAMES, type Databases, startDatabases } from '../store/databases.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases[Symbol.asyncDispose]());

test.each(DATABASE_NAMES)('%s: a night knows the migration of its own sidekiq', async (name) => {
  await using store = await openStore(await databases.createUrl(name));
  const read = async (sidekiq: string) =>
    (await readNight(aPolicy({ name: sidekiq }), store, CALENDAR, NOW_MS)).migration;
  expect(await read('payroll')).toBeUndefined();
  const story = beginStory(strandedSurvey({ takenAtMs: NOW_MS }), undefined);
  const note = { story, message: { channel: 'C1', id: 'm1' }, shown: 'digest', summedAtMs: null };
  await notesOver(store).save(migrationId('payroll'), freezeMigration(note));
  expect(await read('payroll')).toEqual(story);
  expect(await read('billing')).toBeUndefined();
  // What a later version wrote is no reason to have no morning post.
  const later = JSON.stringify({ ...note, story: { ...story, format: 2 } });
  await notesOver(store).save(migrationId('payroll'), later);
  expect(await read('payroll')).toBeUndefined();
});
