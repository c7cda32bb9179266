import { expect, test } from 'vitest';
import { purge } from '../../commands/purge.ts';
import type { ClassFound } from '../../src/core/actions/purge-found.ts';
import { refuse } from '../../src/core/reply/reply.ts';
import { plainText, say } from '../../src/core/reply/text.ts';
import type { Wish } from '../../src/flow/command.ts';
import { printReply } from '../../src/terminal/print.ts';
import { aClassFound } from '../core/actions/purge-founds.ts';
import { quietNight } from '../core/health/nights.ts';
import { aBacklog, aClass, aContext, answered, aSidekiq, aSuspicion, asked, refused } from './readings.ts';

const PILL = 'Recurring::DisasterJob';
const PAGE = { width: 80, hasColour: false };
const ONLY_IN_SLACK = refuse('only_in_slack', say`A terminal only looks.`, say`Ask in Slack.`);
const PROPOSED = refuse('proposed', say`It was proposed.`, say`Wait.`);

async function ask(
  words: readonly string[],
  options: Readonly<Record<string, readonly string[]>> = {},
  found: Partial<ClassFound> = {},
  answer = PROPOSED,
) {
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', aSuspicion(), aClassFound(found));
  const wishes: Wish[] = [];
  const context = {
    ...aContext([sidekiq], 'purge'),
    propose: async (wish: Wish) => {
      wishes.push(wish);
      return answer;
    },
  };
  const reply = await purge.run({ words, options: new Map(Object.entries(options)) }, context);
  if (reply.type === 'form') throw new Error('a form');
  return { reply, wishes, searches: sidekiq.searches };
}

test('--plan shows what it would take, and proposes nothing', async () => {
  const { reply, wishes, searches } = await ask([PILL], { plan: [], queue: ['critical'] });
  expect(wishes).toEqual([]);
  expect(searches).toMatchObject([{ jobClass: PILL, queues: ['critical'] }]);
  expect(plainText(answered(reply).headline)).toBe(
    `payroll: a purge of ${PILL} from critical would take 25 jobs, and archive them first.`,
  );
  expect(answered(reply).data).toMatchObject({ class: PILL, jobs: 25, atMost: 50, isExact: true });
  expect(asked(reply)).toContain(`purge ${PILL} --queue critical on payroll`);
  expect(printReply(reply, PAGE)).toContain('Only looked: nothing was proposed or changed.');
});

test('a number that is not exact is "at least", and side effects are warned of', async () => {
  const marks = { ...aClassFound().marks, batchJobs: 4, batches: { count: 2, isAtLeast: false } };
  const exactness = { isExact: false, isSearchComplete: true, readCount: 80, knownCount: 9000 };
  const { reply } = await ask([PILL], { plan: [] }, { marks, exactness });
  expect(plainText(answered(reply).headline)).toContain('would take at least 25 jobs');
  expect(answered(reply).tone).toBe('warning');
  expect(printReply(reply, PAGE)).toContain('Batches: 4 jobs belong to 2 batches');
});

test('without --plan it proposes, with queues and reason', async () => {
  const { reply, wishes, searches } = await ask([PILL], {
    queue: ['low', 'critical', 'low'],
    reason: ['it kills us'],
  });
  expect(reply).toBe(PROPOSED);
  expect(searches).toEqual([]);
  expect(wishes).toEqual([
    {
      action: 'purge',
      sidekiq: 'payroll',
      parameters: {
        jobClass: PILL,
        queues: ['critical', 'low'],
        sweepMs: 900_000,
        releaseLocks: false,
        longer: null,
      },
      reason: 'it kills us',
    },
  ]);
});

test('where nothing can be proposed it shows the plan', async () => {
  const { reply } = await ask([PILL], {}, {}, ONLY_IN_SLACK);
  expect(plainText(answered(reply).headline)).toContain('would take 25 jobs');
});

test.each([['Sidekiq::Batch::Callback'], ['::Sidekiq::Batch::Callback'], ['x'.repeat(301)]])(
  'what can’t be purged is refused before anything is read or proposed: %s',
  async (jobClass) => {
    const { reply, wishes, searches } = await ask([jobClass]);
    refused(reply);
    expect([wishes, searches]).toEqual([[], []]);
  },
);

test('without a class a plan offers those that wait most', async () => {
  const classes = [aClass(PILL, 90), aClass('on', 10), aClass('Quo"te', 5), aClass('Runs', 0)];
  const sidekiq = aSidekiq(quietNight(), aBacklog({ classes }));
  const options = new Map([['plan', []]]);
  const reply = await purge.run({ words: [], options }, aContext([sidekiq], 'purge --plan'));
  if (reply.type === 'form') throw new Error('a form');
  expect(refused(reply).code).toBe('which_class');
  expect(asked(reply)).toEqual([
    `purge ${PILL} --plan on payroll`,
    'purge "on" --plan on payroll',
    'purge Quo"te --plan on payroll',
  ]);
});

test('without a class a window asks, with those that wait most and may be purged', async () => {
  const classes = [
    aClass(PILL, 90),
    aClass('Sidekiq::Batch::Callback', 50),
    aClass('Quo"te', 5),
    aClass('Runs', 0),
  ];
  const sidekiq = aSidekiq(quietNight(), aBacklog({ classes }));
  const form = await purge.run({ words: [], options: new Map() }, aContext([sidekiq], 'purge'));
  if (form.type !== 'form') throw new Error('no form');
  const [field] = form.fields;
  if (field?.input.type !== 'choice') throw new Error('no choice');
  expect(field.input.choices.map(({ value }) => value)).toEqual([PILL, 'Quo"te']);
});
