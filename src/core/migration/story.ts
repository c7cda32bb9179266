import { z } from 'zod';
import { isOfReliableFetch } from './movability.ts';
import type { StageName } from './stage.ts';
import type { Survey } from './survey.ts';

/**
 * The migration of one sidekiq over days: what was reached, and since when nothing is left to be done. A stage counts when
 * two surveys in a row show it, so that one odd look announces nothing.
 */
const stage = z.enum(['no_process', 'not_begun', 'mixed', 'to_be_finished', 'done']);
const moment = z.int();

const readStory = z.strictObject({
  format: z.literal(1),
  beganAtMs: moment,
  stage,
  /** Seen once, and not yet believed. */
  candidate: stage.nullable(),
  /** Stages that have been announced. */
  reached: z.array(stage).readonly(),
  lookedAtMs: moment,
  /** Since when every process uses super_fetch, no movable list is left and none of the old form has grown. */
  cleanSinceMs: moment.nullable(),
  completedAtMs: moment.nullable(),
  /** Sizes of lists of the old form. */
  oldLists: z.record(z.string(), z.int()).readonly(),
  /** Jobs done in the hour before it began, by class; null where Sidekiq keeps no metrics. */
  doneBefore: z.record(z.string(), z.int()).readonly().nullable(),
});

export type Story = Readonly<z.output<typeof readStory>>;

export type News =
  | { readonly type: 'reached'; readonly stage: StageName }
  | { readonly type: 'step back'; readonly stage: StageName }
  | { readonly type: 'old list grows'; readonly key: string; readonly size: number }
  | { readonly type: 'completed' };

/** So long nothing may be left before it is declared complete. */
export const CLEAN_FOR_MS = 24 * 3_600_000;
/** What happened while nobody looked for longer is not known. */
export const MAX_GAP_MS = 15 * 60_000;

const ORDER: Readonly<Record<StageName, number>> = {
  no_process: -1,
  not_begun: 0,
  mixed: 1,
  to_be_finished: 2,
  done: 3,
};

export function parseStory(value: unknown): Story | undefined {
  return readStory.safeParse(value).data;
}

export function beginStory(survey: Survey, doneBefore: ReadonlyMap<string, number> | undefined): Story {
  return {
    format: 1,
    beganAtMs: survey.takenAtMs,
    stage: survey.stage.name,
    candidate: null,
    reached: [survey.stage.name],
    lookedAtMs: survey.takenAtMs,
    cleanSinceMs: null,
    completedAtMs: null,
    oldLists: sizesOfOld(survey),
    doneBefore: doneBefore === undefined ? null : Object.fromEntries(doneBefore),
  };
}

/** A look more. While the keyspace is still being searched nothing is concluded. */
export function stepStory(
  story: Story,
  survey: Survey,
): { readonly story: Story; readonly news: readonly News[] } {
  if (!survey.isSearchComplete || survey.takenAtMs <= story.lookedAtMs) return { story, news: [] };
  const moved = stepStage(story, survey.stage.name);
  const grown = grownLists(story, survey);
  const cleaned = stepClean(moved.story, survey, grown.length > 0);
  const next = { ...cleaned, lookedAtMs: survey.takenAtMs, oldLists: sizesOfOld(survey) };
  const isComplete =
    next.completedAtMs === null &&
    next.cleanSinceMs !== null &&
    survey.takenAtMs - next.cleanSinceMs >= CLEAN_FOR_MS;
  const completed: readonly News[] = isComplete ? [{ type: 'completed' }] : [];
  return {
    story: isComplete ? { ...next, completedAtMs: survey.takenAtMs } : next,
    news: [...moved.news, ...grown, ...completed],
  };
}

function stepStage(story: Story, seen: StageName): { readonly story: Story; readonly news: readonly News[] } {
  // A moment without any process is a deploy, not a stage.
  if (seen === story.stage || seen === 'no_process')
    return { story: { ...story, candidate: null }, news: [] };
  if (story.candidate !== seen) return { story: { ...story, candidate: seen }, news: [] };
  const isBack = ORDER[seen] < ORDER[story.stage];
  // Orphans of a super_fetch process that crashed are Sidekiq's everyday life, and no step back.
  const isTold = isBack ? ORDER[seen] < ORDER.to_be_finished : !story.reached.includes(seen);
  const before = isBack && isTold ? story.reached.filter((one) => ORDER[one] < ORDER[seen]) : story.reached;
  return {
    story: {
      ...story,
      stage: seen,
      candidate: null,
      reached: [...new Set([...before, seen])],
      completedAtMs: isBack && isTold ? null : story.completedAtMs,
    },
    news: isTold ? [{ type: isBack ? 'step back' : 'reached', stage: seen }] : [],
  };
}

function stepClean(story: Story, survey: Survey, hasGrown: boolean): Story {
  if (survey.stage.name !== 'done' || hasGrown) return { ...story, cleanSinceMs: null };
  const hasGap = survey.takenAtMs - story.lookedAtMs > MAX_GAP_MS;
  return { ...story, cleanSinceMs: hasGap ? survey.takenAtMs : (story.cleanSinceMs ?? survey.takenAtMs) };
}

/** Once every process uses super_fetch nobody should put jobs into a list of the old form. */
function grownLists({ stage: before, oldLists }: Story, { stage: now, lists }: Survey): readonly News[] {
  const isOver = ORDER[before] >= ORDER.to_be_finished && ORDER[now.name] >= ORDER.to_be_finished;
  if (!isOver) return [];
  return lists
    .filter((list) => isOfReliableFetch(list) && list.size > (oldLists[list.key] ?? 0))
    .map(({ key, size }) => ({ type: 'old list grows', key, size }));
}

function sizesOfOld({ lists }: Survey): Readonly<Record<string, number>> {
  return Object.fromEntries(lists.filter(isOfReliableFetch).map(({ key, size }) => [key, size]));
}
