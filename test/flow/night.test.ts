import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistorySample } from '../../src/core/history/sample.ts';
import { beginStory } from '../../src/core/migration/story.ts';
import { clockTime, usualIn } from '../../src/core/report/night.ts';
import { freezeMigration, migrationId } from '../../src/flow/migration-note.ts';
import { readNight } from '../../src/flow/night.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { openStore } from '../../src/store/open.ts';
import { sampleAt } from '../core/history/samples.ts';
import { strandedSurvey } from '../core/migration/surveys.ts';
import { CALENDAR, NOW_MS } from '../core/report/mornings.ts';
import { aPolicy, HOUR_MS } from '../snapshots.ts';
import { DATABASE_NAMES, type Databases, startDatabases } from '../store/databases.ts';

const SETTINGS = { calendar: CALENDAR, keeping: { keepMs: undefined, expiresDebt: false } };

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases[Symbol.asyncDispose]());

test.each(DATABASE_NAMES)('%s: a night knows the migration of its own sidekiq', async (name) => {
  await using store = await openStore(await databases.createUrl(name));
  const read = async (sidekiq: string) =>
    (await readNight(aPolicy({ name: sidekiq }), store, SETTINGS, NOW_MS)).migration;
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

test.each(DATABASE_NAMES)(
  '%s: each hour of a night is held against the same hour of earlier days, without incidents',
  async (name) => {
    await using store = await openStore(await databases.createUrl(name));
    const hours = Array.from({ length: 35 * 24 }, (_, index) => {
      const atMs = NOW_MS - (index + 1) * HOUR_MS;
      // One in the morning is eight o'clock in UTC.
      const isBusy = clockTime(atMs, CALENDAR) === '01:00';
      const size = isBusy ? 3000 : 40;
      return sampleAt(atMs, { resolution: 'hour', minutes: 60, waiting: { size, mostSize: size } });
    });
    const lastNightMs = NOW_MS - 7 * 24 * HOUR_MS;
    const bad = (sample: HistorySample): HistorySample =>
      Math.abs(sample.atMs - lastNightMs) < 8 * HOUR_MS
        ? { ...sample, waiting: { size: 9e5, mostSize: 9e5 } }
        : sample;
    await store.fillSamples('payroll', hours.map(bad));
    await store.saveIncident({
      sidekiq: 'payroll',
      id: 'backlog@1',
      sinceMs: lastNightMs - 8 * HOUR_MS,
      untilMs: lastNightMs + 8 * HOUR_MS,
      bendsFigures: true,
      body: '{}',
    });
    const night = await readNight(aPolicy(), store, SETTINGS, NOW_MS);
    const usualOf = usualIn(night);
    const known = night.hours.map(({ fromMs }) => {
      const { median, high } = usualOf({ kind: 'waiting' }, fromMs) ?? {};
      return [clockTime(fromMs, CALENDAR), median, high];
    });
    expect(known).toHaveLength(13);
    expect(known.filter(([, median]) => median === 3000)).toEqual([['01:00', 3000, 3000]]);
    expect(known.filter(([, , high]) => high === 40)).toHaveLength(12);
  },
);

test.each(DATABASE_NAMES)(
  '%s: of the night before, every minute is counted once, wherever in an hour it began and ended',
  async (name) => {
    await using store = await openStore(await databases.createUrl(name));
    const nowMs = NOW_MS + 20 * 60_000;
    const begin = nowMs - 48 * HOUR_MS;
    for (let atMs = begin - (begin % 600_000); atMs < nowMs; atMs += 600_000) {
      await store.addSample('payroll', sampleAt(atMs, { minutes: 1, processed: 7 }));
    }
    const { range, before } = await readNight(aPolicy(), store, SETTINGS, nowMs);
    const processed = before.reduce((sum, sample) => sum + sample.processed, 0);
    expect(processed).toBe(7 * Math.floor((range.toMs - range.fromMs) / 600_000));
    expect(before.some(({ resolution }) => resolution === 'hour')).toBe(true);
  },
);
