import { migrationAnswer } from '../src/core/migration/answer.ts';
import { rescuedAnswer } from '../src/core/migration/rescued.ts';
import { usesSuperFetch } from '../src/core/migration/stage.ts';
import type { Survey } from '../src/core/migration/survey.ts';
import type { Form } from '../src/core/reply/form.ts';
import { NO_SIDEKIQ } from '../src/core/reply/no-sidekiq.ts';
import { type Button, type Refusal, type Reply, refuse } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import type { CommandWords } from '../src/core/words.ts';
import type { Command, CommandContext, ObservedSidekiq } from '../src/flow/command.ts';

/** A person waits for the answer; private lists hold thousands of jobs at most, and what is left out is said. */
const BUDGET_MS = 4000;

export const migrate: Command = {
  name: 'migrate',
  usage:
    'migrate [rescue [--list KEY]… [--without CLASS]… [--archive-suspects] [--with-old] | quiet | rescued ACTION | undo ACTION] [--reason TEXT]',
  summary: 'who fetches jobs how, what lies stranded, and the steps to super_fetch',
  words: {
    max: 2,
    options: {
      list: 'many',
      without: 'many',
      'archive-suspects': 'flag',
      'with-old': 'flag',
      reason: 'rest',
    },
  },
  sidekiqs: 'one',
  async run(words, context): Promise<Reply | Form> {
    const [sidekiq] = context.sidekiqs;
    const [step, action] = words.words;
    if (sidekiq === undefined) return NO_SIDEKIQ;
    if (action !== undefined && step !== 'rescued' && step !== 'undo')
      return unknownStep(`${step} ${action}`, sidekiq.policy.name);
    switch (step) {
      case undefined:
        return look(sidekiq, context);
      case 'rescue':
        return proposeRescue(words, sidekiq, context);
      case 'quiet':
        return proposeQuiet(words, sidekiq, context);
      case 'rescued':
        return action === undefined ? WHICH_ACTION : listRescued(action.toLowerCase(), sidekiq, context);
      case 'undo':
        return action === undefined
          ? WHICH_ACTION
          : proposeUndo(action.toLowerCase(), words, sidekiq, context);
      default:
        return unknownStep(step, sidekiq.policy.name);
    }
  },
};

async function look(sidekiq: ObservedSidekiq, { typed }: CommandContext): Promise<Reply> {
  const survey = await sidekiq.survey(BUDGET_MS);
  return migrationAnswer(survey, [...steps(survey), { type: 'refresh', command: typed }, { type: 'share' }]);
}

function proposeRescue(
  { options }: CommandWords,
  { policy: { name } }: ObservedSidekiq,
  { propose }: CommandContext,
): Promise<Reply | Form> {
  const parameters = {
    lists: [...(options.get('list') ?? [])],
    without: [...(options.get('without') ?? [])],
    archiveSuspects: options.has('archive-suspects'),
    withOld: options.has('with-old'),
  };
  return propose({ action: 'rescue', sidekiq: name, parameters, reason: options.get('reason')?.[0] ?? '' });
}

function proposeQuiet(
  { options }: CommandWords,
  { policy: { name } }: ObservedSidekiq,
  { propose }: CommandContext,
): Promise<Reply | Form> {
  const reason = options.get('reason')?.[0] ?? '';
  return propose({ action: 'quiet-old', sidekiq: name, parameters: {}, reason });
}

async function listRescued(
  action: string,
  { policy: { name } }: ObservedSidekiq,
  { records, typed }: CommandContext,
): Promise<Reply> {
  const proposal = await records.proposal(action);
  const totals = await records.rescued(action);
  // A channel hears only of its own sidekiqs.
  if (proposal?.plan.sidekiq !== name || totals.count === 0) return WHICH_ACTION;
  return rescuedAnswer(action, totals, [
    { type: 'ask', label: 'Undo', command: `migrate undo ${action} on ${name}` },
    { type: 'refresh', command: typed },
    { type: 'share' },
  ]);
}

function proposeUndo(
  action: string,
  { options }: CommandWords,
  { policy: { name } }: ObservedSidekiq,
  { propose }: CommandContext,
): Promise<Reply | Form> {
  const reason = options.get('reason')?.[0] ?? '';
  return propose({ action: 'undo-rescue', sidekiq: name, parameters: { action }, reason });
}

const WHICH_ACTION = refuse(
  'which_action',
  say`That names no rescue that has moved jobs here.`,
  say`${code('/sidekiq actions')} lists the latest actions with their names.`,
  [{ type: 'ask', label: 'Actions', command: 'actions' }],
);

/** What the bot can do next. */
function steps({ sidekiq, lists, processes, stage }: Survey): readonly Button[] {
  const buttons: Button[] = [];
  const now = lists.filter(({ move }) => move.may === 'now');
  if (now.length > 0) {
    buttons.push({ type: 'ask', label: 'Rescue stranded jobs', command: `migrate rescue on ${sidekiq}` });
  }
  if (now.some(({ suspects }) => suspects.length > 0)) {
    const command = `migrate rescue --archive-suspects on ${sidekiq}`;
    buttons.push({ type: 'ask', label: 'Rescue, archive suspects', command });
  }
  const isOld = processes.some((process) => !process.isQuiet && !usesSuperFetch(process));
  if (stage.name === 'mixed' && isOld) {
    buttons.push({ type: 'ask', label: 'Quiet old processes', command: `migrate quiet on ${sidekiq}` });
  }
  return buttons;
}

function unknownStep(step: string, sidekiq: string): Refusal {
  return refuse(
    'unknown_step',
    say`${code('migrate')} has no step ${code(step)}.`,
    say`Leave it out to see where the migration is, and which steps there are.`,
    [{ type: 'ask', label: 'Survey', command: `migrate on ${sidekiq}` }],
  );
}
