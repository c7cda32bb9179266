import { counted, duration, exact } from '../amounts.ts';
import type { Answer, Part, Tone } from '../reply/reply.ts';
import { at, bold, code, say, type Text } from '../reply/text.ts';
import { type Fared, faredParts } from './fared.ts';
import { stepsForPeople } from './next-steps.ts';
import type { RescuedTotals } from './rescued.ts';
import { STAGE_WORDS } from './stage.ts';
import { CLEAN_FOR_MS, type News, type Story } from './story.ts';
import type { Survey } from './survey.ts';

/** What was done in it, for its summary. */
export type Deeds = {
  readonly rescued: RescuedTotals;
  readonly archived: number;
  readonly fared: Fared;
};

const SHOWN_CLASSES = 10;

/** The message of a migration, as it is now. It holds no time of looking, so that it is edited only when something changed. */
export function storyMessage(survey: Survey, story: Story, deeds: Deeds | undefined): Answer {
  const { sidekiq, stage } = survey;
  const isComplete = story.completedAtMs !== null;
  const tone: Tone = isComplete || stage.name === 'done' ? 'good' : 'warning';
  return {
    type: 'answer',
    tone,
    headline: isComplete
      ? say`${bold(`${sidekiq}: the migration to super_fetch is complete`)}, ${duration((story.completedAtMs ?? 0) - story.beganAtMs)} after it was begun`
      : say`${bold(`${sidekiq}: migration to super_fetch ${STAGE_WORDS[stage.name]}`)}, ${strandedWords(survey)}`,
    parts: [
      { type: 'paragraph', text: say`${stage.sentence} Begun ${at(story.beganAtMs)}.` },
      ...(deeds === undefined ? next(survey, story) : summary(story, deeds)),
    ],
    buttons: [{ type: 'ask', label: 'Survey', command: `migrate on ${sidekiq}` }],
    data: null,
  };
}

function strandedWords({ stage }: Survey): string {
  if (stage.strandedJobs === 0) return 'nothing lies stranded';
  return `${counted(stage.strandedJobs, 'job lies', 'jobs lie')} stranded in ${counted(stage.strandedLists, 'list')}`;
}

function next(survey: Survey, { cleanSinceMs }: Story): readonly Part[] {
  const steps = stepsForPeople(survey);
  const waiting =
    cleanSinceMs === null
      ? []
      : [
          say`It is declared complete when it has stayed so for ${CLEAN_FOR_MS / 3_600_000} h, ${at(cleanSinceMs + CLEAN_FOR_MS)}.`,
        ];
  const texts = [...steps.map((step) => say`${step}`), ...waiting];
  return [{ type: 'list', items: texts.map((text) => ({ tone: 'neutral', text })) }];
}

/** Said once in the channel. */
export function newsMessage(survey: Survey, news: News): Answer {
  const { sidekiq } = survey;
  const [tone, headline]: [Tone, Text] = wordsOf(news, survey);
  return {
    type: 'answer',
    tone,
    headline: say`${bold(`${sidekiq}:`)} ${headline}`,
    parts: [],
    buttons: [{ type: 'ask', label: 'Survey', command: `migrate on ${sidekiq}` }],
    data: null,
  };
}

function wordsOf(news: News, survey: Survey): [Tone, Text] {
  switch (news.type) {
    case 'reached':
      return [
        news.stage === 'done' ? 'good' : 'neutral',
        say`the migration to super_fetch has reached a stage. ${survey.stage.sentence}`,
      ];
    case 'step back':
      return [
        'bad',
        say`the migration to super_fetch has taken a step back. ${survey.stage.sentence} Is the old release being deployed?`,
      ];
    case 'old list grows':
      return [
        'bad',
        say`the private list ${code(news.key)} of the old form grows again (${counted(news.size, 'job')}): somewhere a process of the old release runs.`,
      ];
    case 'completed':
      return [
        'good',
        say`the migration to super_fetch is complete: for ${CLEAN_FOR_MS / 3_600_000} h every process has used it and no list was left to be rescued.`,
      ];
    default:
      return news satisfies never;
  }
}

/** The proof: what was rescued and archived, and how the classes fare since. */
function summary(story: Story, { rescued, archived, fared }: Deeds): readonly Part[] {
  const classes = rescued.classes
    .slice(0, SHOWN_CLASSES)
    .map(({ jobClass, count }) => `${exact(count)} ${jobClass}`);
  const more = rescued.classes.length - SHOWN_CLASSES;
  const what =
    classes.length === 0 ? '' : `: ${classes.join(', ')}${more > 0 ? ` and ${more} more classes` : ''}`;
  return [
    {
      type: 'paragraph',
      text: say`${counted(rescued.count, 'job was', 'jobs were')} rescued${what}. ${counted(archived, 'job was', 'jobs were')} archived.`,
    },
    ...faredParts(story, fared),
  ];
}
