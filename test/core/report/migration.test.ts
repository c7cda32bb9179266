import { expect, test } from 'vitest';
import { beginStory, type Story } from '../../../src/core/migration/story.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { migrationLines } from '../../../src/core/report/migration.ts';
import { reportOf } from '../../../src/core/report/report.ts';
import { aFleet, HOUR_MS } from '../../snapshots.ts';
import { strandedSurvey } from '../migration/surveys.ts';
import { morningOf, NOW_MS, USUAL_WAVE } from './mornings.ts';

/** Begun three days ago, on a fleet of which one process uses super_fetch, and looked at just now. */
function aStory(over: Partial<Story> = {}): Story {
  const fleet = [...aFleet(2), ...aFleet(1, { fetch: { strategy: 'super_fetch', evidence: 'member' } })];
  const survey = strandedSurvey({ processes: fleet, takenAtMs: NOW_MS - 72 * HOUR_MS });
  return { ...beginStory(survey, undefined), lookedAtMs: NOW_MS, ...over };
}

const said = (story: Story | undefined): readonly string[] =>
  migrationLines(story, NOW_MS).map(({ text }) => plainText(text));

test('a migration that goes on stands among what is open, with its stage', () => {
  expect(said(aStory())).toEqual(['Migration to super_fetch, begun 3 d ago: mixed.']);
  const morning = morningOf(USUAL_WAVE);
  const { open } = reportOf({ ...morning, night: { ...morning.night, migration: aStory() } });
  expect(open.map(({ text }) => plainText(text))).toEqual(said(aStory()));
});

test('it says until when it has to stay so, and how old the knowledge is', () => {
  const [line] = said(aStory({ stage: 'done', cleanSinceMs: NOW_MS - HOUR_MS }));
  expect(line).toMatch(
    /^Migration to super_fetch, begun 3 d ago: done\. It is declared complete if it stays so until /,
  );
  expect(said(aStory({ lookedAtMs: NOW_MS - 2 * HOUR_MS }))).toEqual([
    'Migration to super_fetch, begun 3 d ago: mixed. That was seen 2 h ago, and not looked at since.',
  ]);
});

test('one that is complete, or was never begun, is not open', () => {
  expect(said(aStory({ completedAtMs: NOW_MS - HOUR_MS }))).toEqual([]);
  expect(said(undefined)).toEqual([]);
});
