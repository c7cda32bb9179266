import { healthAnswer } from '../src/core/health/answer.ts';
import { assess } from '../src/core/health/assess.ts';
import { crashesOf } from '../src/core/health/losses.ts';
import { askButtons, type Glance, overviewAnswer } from '../src/core/health/overview.ts';
import type { Button, Reply } from '../src/core/reply/reply.ts';
import type { Command, CommandContext, ObservedSidekiq } from '../src/flow/command.ts';

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
  const { snapshot, samples, crashes } = await sidekiq.observe();
  const judged = assess(snapshot, samples, sidekiq.policy, crashes);
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
  return healthAnswer(judged, [...asks, { type: 'refresh', command: context.typed }, { type: 'share' }]);
}

async function overview(context: CommandContext): Promise<Reply> {
  const glances = await Promise.all(context.sidekiqs.map(glance));
  const buttons: readonly Button[] = [
    ...askButtons(glances, ASKED_SIDEKIQS),
    { type: 'refresh', command: context.typed },
    { type: 'share' },
  ];
  return overviewAnswer(glances, context.nowMs, buttons);
}

/** One Redis that is down must not hide how the others are. Anything else that goes wrong is a bug, and is let through. */
async function glance(sidekiq: ObservedSidekiq): Promise<Glance> {
  const { name } = sidekiq.policy;
  try {
    const { snapshot, samples, crashes } = await sidekiq.observe();
    const health = assess(snapshot, samples, sidekiq.policy, crashes);
    return { type: 'read', sidekiq: name, health };
  } catch (error) {
    const isDown = error instanceof Error && 'code' in error && error.code === 'redis_unavailable';
    if (!isDown) throw error;
    return { type: 'unread', sidekiq: name, sentence: error.message };
  }
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
