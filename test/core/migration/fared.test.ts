import { expect, test } from 'vitest';
import { type Fared, faredParts, faredRanges } from '../../../src/core/migration/fared.ts';
import { beginStory } from '../../../src/core/migration/story.ts';
import { say } from '../../../src/core/reply/text.ts';
import { printReply } from '../../../src/terminal/print.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../../snapshots.ts';
import { sampleAt } from '../history/samples.ts';
import { strandedSurvey } from './surveys.ts';

const SURVEY = strandedSurvey({ processes: [], lists: [], takenAtMs: NOW_MS });
const UNCOUNTED = beginStory(SURVEY, undefined);
const COUNTED = beginStory(SURVEY, new Map([['PayrollRunJob', 60]]));

/** Ten minutes as the watcher saw them. */
const tenMinutes = (processed: number, threads: Readonly<Record<string, number>>, minutes = 10) =>
  sampleAt(NOW_MS, {
    resolution: 'ten minutes',
    minutes,
    processed,
    busyByClass: new Map(Object.entries(threads)),
  });
const filledIn = sampleAt(NOW_MS, { minutes: 1440, processed: 1_000_000, busyByClass: undefined });

function said(fared: Partial<Fared>, story = UNCOUNTED): string {
  const parts = faredParts(story, { doneNow: undefined, before: [], since: [], ...fared });
  const answer = { type: 'answer', tone: 'good', headline: say`-`, parts, buttons: [], data: null } as const;
  return printReply(answer, { width: 200, hasColour: false });
}

const before = [tenMinutes(50, { PayrollRunJob: 8 }), tenMinutes(150, { PayrollRunJob: 4, MailJob: 0.04 })];
const since = [tenMinutes(900, { MailJob: 2.5, PayrollRunJob: 1 })];

test('without metrics it compares worker time, and says that it is that', () => {
  const words = said({ before: [filledIn, ...before], since });
  expect(words).toContain(
    'As the watcher saw it: jobs that ended, of all classes together, 10 a minute before it was begun, 90 a minute in its last day.',
  );
  expect(words).toContain('Threads busy on average by class');
  expect(words).toMatch(/MailJob +0\.02 +2\.5\n.*PayrollRunJob +6\.0 +1\.0\n/);
  expect(words).toContain('Sidekiq before 7 does not count jobs by class');
  expect(words).toContain('threads that were busy with a class, not jobs done');
  expect(words).toContain('It watched 20 min of the day before and 10 min of the last one.');
});

test('a short look weighs as little as it was short', () => {
  const halfSeen = [tenMinutes(0, { PayrollRunJob: 10 }, 1), tenMinutes(0, {}, 9)];
  expect(said({ before: halfSeen, since })).toMatch(/PayrollRunJob +1\.0 +1\.0/);
});

test('where Sidekiq counts at both ends its count is shown, and at one end only, the watcher is asked', () => {
  const doneNow = new Map([['PayrollRunJob', 7200]]);
  expect(said({ doneNow, before, since }, COUNTED)).toMatch(/PayrollRunJob +1 a minute +120 a minute/);
  expect(said({ doneNow, before, since }, COUNTED)).not.toContain('watcher');
  expect(said({ doneNow, before, since })).toContain('As the watcher saw it');
  expect(said({ before, since }, COUNTED)).toContain('As the watcher saw it');
});

test('what nobody saw is not known', () => {
  expect(said({ before: [filledIn], since })).toContain(
    'the watcher saw nothing before the migration was begun',
  );
  expect(said({ before })).toContain('the watcher saw nothing in its last day');
});

test('a day before is read beside the last day, in the finest samples that are still kept', () => {
  const end = NOW_MS + 48 * HOUR_MS;
  const { resolution, before: then, since: now } = faredRanges(UNCOUNTED, end);
  expect(resolution).toBe('ten minutes');
  // The span that the beginning lies in belongs to neither.
  expect(then).toEqual({ fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS - 10 * MINUTE_MS + 1 });
  expect(now).toEqual({ fromMs: end - 24 * HOUR_MS, toMs: end });
  expect(faredRanges(UNCOUNTED, NOW_MS + HOUR_MS).since.fromMs).toBe(NOW_MS);
  expect(faredRanges(UNCOUNTED, NOW_MS + 60 * 24 * HOUR_MS).resolution).toBe('hour');
});
