import { migrationAnswer } from '../src/core/migration/answer.ts';
import { usesSuperFetch } from '../src/core/migration/stage.ts';
import type { Survey } from '../src/core/migration/survey.ts';
import { type Button, type Refusal, type Reply, refuse } from '../src/core/reply/reply.ts';
import { say } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

/** A person waits for the answer; private lists hold thousands of jobs at most, and what is left out is said. */
const BUDGET_MS = 4000;

export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate',
  summary: 'who fetches jobs how, what lies stranded, and the steps to super_fetch',
  words: { max: 0, options: {} },
  sidekiqs: 'one',
  async run(_words, context): Promise<Reply> {
    const [sidekiq] = context.sidekiqs;
    if (sidekiq === undefined) return noSidekiq();
    const survey = await sidekiq.survey(BUDGET_MS);
    return migrationAnswer(survey, [
      ...steps(survey),
      { type: 'refresh', command: context.typed },
      { type: 'share' },
    ]);
  },
};

/** What the bot can do next. */
function steps({ sidekiq, lists, processes, stage }: Survey): readonly Button[] {
  const buttons: Button[] = [];
  if (lists.some(({ move }) => move.may === 'now')) {
    buttons.push({ type: 'ask', label: 'Rescue stranded jobs', command: `migrate rescue on ${sidekiq}` });
  }
  const isOld = processes.some((process) => !process.isQuiet && !usesSuperFetch(process));
  if (stage.name === 'mixed' && isOld) {
    buttons.push({ type: 'ask', label: 'Quiet old processes', command: `migrate quiet on ${sidekiq}` });
  }
  return buttons;
}

function noSidekiq(): Refusal {
  return refuse(
    'no_sidekiq',
    say`There is no sidekiq to ask about here.`,
    say`The settings name the channels of each: ask in one of those.`,
  );
}
