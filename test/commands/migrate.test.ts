import { expect, test } from 'vitest';
import { migrate } from '../../commands/migrate.ts';
import type { Survey } from '../../src/core/migration/survey.ts';
import type { Process } from '../../src/core/sidekiq/snapshot.ts';
import type { CommandContext, Wish } from '../../src/flow/command.ts';
import { renderReply } from '../../src/slack/render/reply.ts';
import { quietNight } from '../core/health/nights.ts';
import { strandedSurvey } from '../core/migration/surveys.ts';
import { NO_PROPOSING } from '../no-records.ts';
import { aFleet, aPrivateList } from '../snapshots.ts';
import { aContext, answered, aSidekiq, asked, refused } from './readings.ts';

const SUPER: Partial<Process> = { fetch: { strategy: 'super_fetch', evidence: 'member' } };

function context(survey: Survey, overrides: Partial<CommandContext> = {}): CommandContext {
  const sidekiq = { ...aSidekiq(quietNight()), survey: async () => survey };
  return { ...aContext([sidekiq], 'migrate'), ...overrides };
}

async function run(survey: Survey, words: readonly string[] = [], overrides: Partial<CommandContext> = {}) {
  const reply = await migrate.run({ words, options: new Map() }, context(survey, overrides));
  if (reply.type === 'form') throw new Error('a form');
  return reply;
}

test('the survey offers what can be done now, and no more', async () => {
  const stranded = answered(await run(strandedSurvey()));
  expect(asked(stranded)).toEqual([
    'migrate rescue on payroll',
    'migrate rescue --archive-suspects on payroll',
  ]);
  expect(stranded.buttons.slice(-2)).toEqual([{ type: 'refresh', command: 'migrate' }, { type: 'share' }]);
  const mixed = [...aFleet(2), ...aFleet(1, SUPER)];
  expect(asked(await run(strandedSurvey({ processes: mixed, lists: [] })))).toEqual([
    'migrate quiet on payroll',
  ]);
  expect(asked(await run(strandedSurvey({ processes: aFleet(3, SUPER), lists: [] })))).toEqual([]);
});

test('each step is proposed as it was typed', async () => {
  const wishes: Wish[] = [];
  const propose: CommandContext['propose'] = async (wish) => {
    wishes.push(wish);
    return NO_PROPOSING.propose(wish);
  };
  const ask = (words: readonly string[], options: Record<string, readonly string[]> = {}) =>
    migrate.run({ words, options: new Map(Object.entries(options)) }, context(strandedSurvey(), { propose }));
  await ask(['rescue'], { list: ['a', 'b'], without: ['C'], 'archive-suspects': [], reason: ['why'] });
  await ask(['quiet'], { reason: ['why'] });
  await ask(['undo', 'K3F9'], {});
  expect(wishes).toEqual([
    {
      action: 'rescue',
      sidekiq: 'payroll',
      parameters: { lists: ['a', 'b'], without: ['C'], archiveSuspects: true, withOld: false },
      reason: 'why',
    },
    { action: 'quiet-old', sidekiq: 'payroll', parameters: {}, reason: 'why' },
    { action: 'undo-rescue', sidekiq: 'payroll', parameters: { action: 'k3f9' }, reason: '' },
  ]);
});

test('what is no step, or one word too many, is refused with the way back', async () => {
  expect(refused(await run(strandedSurvey(), ['finish'])).code).toBe('unknown_step');
  expect(refused(await run(strandedSurvey(), ['rescue', 'all'])).code).toBe('unknown_step');
  expect(refused(await run(strandedSurvey(), ['undo'])).code).toBe('which_action');
  expect(refused(await run(strandedSurvey(), ['rescued', 'nothing'])).code).toBe('which_action');
});

test('Slack shows each private list and each process, in one message', async () => {
  const lists = ['default', 'low'].map((queue) => aPrivateList({ key: `queue:${queue}_app-1`, size: 7 }));
  const processes = [...aFleet(2), ...aFleet(30, SUPER)];
  const reply = await run(strandedSurvey({ lists, processes }));
  const shown = JSON.stringify(renderReply(reply, { hasCharts: true }).blocks);
  for (const { key } of lists) expect(shown).toContain(key);
  expect(shown).toContain('`worker-0:1:abc0`, alive, Sidekiq 6.4.1: *basic*');
  expect(shown).toContain('*super_fetch* (member)');
  expect(shown).toContain('… and 17 more');
  expect(shown).not.toContain('Left out');
});
