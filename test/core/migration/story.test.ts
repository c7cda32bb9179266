import { expect, test } from 'vitest';
import { beginStory, type News, type Story, stepStory } from '../../../src/core/migration/story.ts';
import { newsMessage, storyMessage } from '../../../src/core/migration/story-words.ts';
import type { Survey } from '../../../src/core/migration/survey.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { printReply } from '../../../src/terminal/print.ts';
import { aFleet, aPrivateList, HOUR_MS, MINUTE_MS, NOW_MS } from '../../snapshots.ts';
import { strandedSurvey } from './surveys.ts';

const SUPER: Partial<Process> = { fetch: { strategy: 'super_fetch', evidence: 'member' } };
const OLD_LIST = aPrivateList({
  key: 'queue:default_worker-9_0',
  scheme: 'reliable_fetch',
  owner: 'worker-9 0',
  queue: { name: 'default', knownBy: 'payload' },
  size: 3,
});

const mixed = [...aFleet(2), ...aFleet(1, SUPER)];
const at = (minutes: number, processes: readonly Process[], lists = [aPrivateList()]): Survey =>
  strandedSurvey({ processes, lists, takenAtMs: NOW_MS + minutes * MINUTE_MS });

/** Plays surveys one after the other, and gives all that was told. */
function play(surveys: readonly Survey[], from?: Story): { story: Story; news: News[] } {
  const [first, ...others] = surveys;
  if (first === undefined) throw new Error('no survey');
  let story = from ?? beginStory(first, undefined);
  const news: News[] = [];
  for (const survey of from === undefined ? others : surveys) {
    const step = stepStory(story, survey);
    story = step.story;
    news.push(...step.news);
  }
  return { story, news };
}

const everyMinute = (from: number, to: number, processes: readonly Process[], lists = [aPrivateList()]) =>
  Array.from({ length: to - from }, (_, index) => at(from + index, processes, lists));

test('a stage is told once, when two looks in a row have seen it', () => {
  const { news } = play([
    at(0, aFleet(3)),
    at(1, mixed),
    at(2, aFleet(3)),
    ...everyMinute(3, 8, mixed),
    ...everyMinute(8, 12, aFleet(3, SUPER)),
    ...everyMinute(12, 16, aFleet(3, SUPER), []),
    // A process of the new release crashes and leaves orphans until the next start.
    ...everyMinute(16, 20, aFleet(3, SUPER)),
    ...everyMinute(20, 24, aFleet(3, SUPER), []),
  ]);
  expect(news).toEqual([
    { type: 'reached', stage: 'mixed' },
    { type: 'reached', stage: 'to_be_finished' },
    { type: 'reached', stage: 'done' },
  ]);
});

test('a deploy of the old release is a step back, and the way from there is told again', () => {
  const begun = play([...everyMinute(0, 3, mixed), ...everyMinute(3, 6, aFleet(3, SUPER), [])]);
  const { news, story } = play(
    [...everyMinute(6, 9, mixed, []), ...everyMinute(9, 12, aFleet(3, SUPER), [])],
    begun.story,
  );
  expect(news).toEqual([
    { type: 'step back', stage: 'mixed' },
    { type: 'reached', stage: 'done' },
  ]);
  expect(plainText(newsMessage(at(9, mixed), { type: 'step back', stage: 'mixed' }).headline)).toContain(
    'taken a step back. Mixed: 1 of 3 living processes use super_fetch, 2 do not. Is the old release being deployed?',
  );
  expect(story.stage).toBe('done');
});

test('it is complete after a whole day in which nothing was left and nothing grew', () => {
  const done = aFleet(3, SUPER);
  const day = everyMinute(0, 24 * 60 + 2, done, []);
  expect(play(day.slice(0, -3)).news).toEqual([]);
  const { news, story } = play(day);
  expect(news).toEqual([{ type: 'completed' }]);
  expect(story.completedAtMs).not.toBeNull();
  const grows = [...day.slice(0, 600), at(600, done, [OLD_LIST]), ...day.slice(601)];
  expect(play(grows).news).toEqual([{ type: 'old list grows', key: OLD_LIST.key, size: 3 }]);
  const blind = [...day.slice(0, 600), ...day.slice(600 + 30)];
  expect(play(blind).news).toEqual([]);
});

test('a list of the old form that grows is told at each growth, one that shrinks is not', () => {
  const done = aFleet(3, SUPER);
  const sized = (size: number) => [{ ...OLD_LIST, size }];
  const { news } = play([
    at(0, done, sized(3)),
    at(1, done, sized(3)),
    at(2, done, sized(2)),
    at(3, done, sized(4)),
    at(4, done, sized(4)),
  ]);
  expect(news.filter(({ type }) => type === 'old list grows')).toEqual([
    { type: 'old list grows', key: OLD_LIST.key, size: 4 },
  ]);
});

test('while the keyspace is still being searched, or at the same moment again, nothing is concluded', () => {
  const story = beginStory(at(0, mixed), undefined);
  const unsure = { ...at(1, aFleet(3, SUPER)), isSearchComplete: false };
  expect(stepStory(story, unsure)).toEqual({ story, news: [] });
  expect(stepStory(story, at(0, aFleet(3, SUPER)))).toEqual({ story, news: [] });
});

test('the message says what is next, and at the end what was done and how the classes fare', () => {
  const begun = beginStory(at(0, mixed), new Map([['PayrollRunJob', 60]]));
  const words = (survey: Survey, story: Story, deeds?: Parameters<typeof storyMessage>[2]) =>
    printReply(storyMessage(survey, story, deeds), { width: 160, hasColour: false });
  expect(words(at(0, mixed), begun)).toContain(
    'migration to super_fetch mixed, 5 jobs lie stranded in 1 list',
  );
  expect(words(at(0, mixed), begun)).toContain('Let the rollout go on');
  const story = { ...begun, completedAtMs: NOW_MS + 72 * HOUR_MS };
  const rescued = {
    count: 12,
    classes: [{ jobClass: 'PayrollRunJob', queue: 'default', count: 12, jids: [] }],
  };
  const fared = { doneNow: new Map([['PayrollRunJob', 7200]]), before: [], since: [] };
  const deeds = { rescued, archived: 2, fared };
  const end = words(at(4320, aFleet(3, SUPER), []), story, deeds);
  expect(end).toContain('the migration to super_fetch is complete, 3 d after it was begun');
  expect(end).toContain('12 jobs were rescued: 12 PayrollRunJob. 2 jobs were archived.');
  expect(end).toMatch(/PayrollRunJob +1 a minute +120 a minute/);
});
