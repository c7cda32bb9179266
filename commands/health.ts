import { healthAnswer } from '../src/core/health/answer.ts';
import { crashesOf } from '../src/core/health/losses.ts';
import { askButtons, overviewAnswer } from '../src/core/health/overview.ts';
import { watchButton } from '../src/core/live/show.ts';
import type { Button, Reply } from '../src/core/reply/reply.ts';
import type { Command, CommandContext, ObservedSidekiq } from '../src/flow/command.ts';
import { glanceAt, healthOf } from '../src/flow/health.ts';

/** With Refresh and Share these make up a row of five, as many as fit side by side. */
const ASKED_SIDEKIQS = 3;

export const health: Command<Reply> = {
  name: 'health',
  usage: 'health',
  summary: 'how the queues are: the verdict, what waits, what runs, what fails',
  words: { max: 0, options: {} },
  sidekiqs: 'any',
  async run(_words, context): Promise<Reply> {
    const [only, ...others] = context.sidekiqs;
    return only !== undefined && others.length === 0 ? one(only, context) : overview(context);
  },
};

async function one(sidekiq: ObservedSidekiq, context: CommandContext): Promise<Reply> {
  const judged = await healthOf(sidekiq);
  const { name } = sidekiq.policy;
  const leads = [
    'backlog',
    ...(crashesOf(judged.losses) > 0 ? ['suspects'] : []),
    ...(judged.losses.stranded.jobs > 0 ? ['migrate'] : []),
  ];
  const asks = context.commands
    .filter((command) => leads.includes(command.name))
    .map((command): Button => {
      return { type: 'ask', label: capitalised(command.name), command: `${command.name} on ${name}` };
    });
  return healthAnswer(judged, [
    ...asks,
    watchButton(name),
    { type: 'refresh', command: context.typed },
    { type: 'share' },
  ]);
}

async function overview(context: CommandContext): Promise<Reply> {
  const glances = await Promise.all(context.sidekiqs.map(glanceAt));
  const buttons: readonly Button[] = [
    ...askButtons(glances, ASKED_SIDEKIQS),
    { type: 'refresh', command: context.typed },
    { type: 'share' },
  ];
  return overviewAnswer(glances, context.nowMs, buttons);
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
