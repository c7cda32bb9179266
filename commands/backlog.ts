import { backlogAnswer } from '../src/core/backlog/answer.ts';
import type { Figure } from '../src/core/history/figure.ts';
import { usualAt } from '../src/core/history/usual.ts';
import { nearest } from '../src/core/nearest.ts';
import { NO_SIDEKIQ } from '../src/core/reply/no-sidekiq.ts';
import { type Button, type Refusal, type Reply, refuse } from '../src/core/reply/reply.ts';
import { code, codes, say } from '../src/core/reply/text.ts';
import type { Snapshot } from '../src/core/sidekiq/snapshot.ts';
import { asWord } from '../src/core/words/as-word.ts';
import type { Command } from '../src/flow/command.ts';

/** A person waits for the answer; a million jobs take about one second, and what is left out is said. */
const BUDGET_MS = 8000;

const SUGGESTED_QUEUES = 3;

export const backlog: Command<Reply> = {
  name: 'backlog',
  usage: 'backlog [QUEUE]',
  summary: 'what waits, by job class, in every place where jobs hide',
  words: { max: 1, options: {} },
  sidekiqs: 'one',
  async run({ words }, context): Promise<Reply> {
    const [sidekiq] = context.sidekiqs;
    if (sidekiq === undefined) return NO_SIDEKIQ;
    const [queue] = words;
    const { snapshot, sameHour } = await sidekiq.observe();
    if (queue !== undefined) {
      const names = queueNames(snapshot);
      if (!names.includes(queue)) return unknownQueue(queue, names, sidekiq.policy.name);
    }
    const counted = await sidekiq.countBacklog({
      budgetMs: BUDGET_MS,
      ...(queue === undefined ? {} : { queue }),
    });
    const buttons: readonly Button[] = [
      { type: 'ask', label: 'Health', command: `health on ${sidekiq.policy.name}` },
      { type: 'refresh', command: context.typed },
      { type: 'share' },
    ];
    const figure: Figure = queue === undefined ? { kind: 'waiting' } : { kind: 'queue size', queue };
    return backlogAnswer(counted, queue, sameHour && usualAt(figure, sameHour), buttons);
  },
};

/** Also those that are empty now: their workers still name them. */
function queueNames({ queues, processes }: Snapshot): readonly string[] {
  const served = processes.flatMap((process) => process.queues);
  return [...new Set([...queues.map(({ name }) => name), ...served])];
}

function unknownQueue(queue: string, names: readonly string[], sidekiq: string): Refusal {
  const near = nearest(queue, names, SUGGESTED_QUEUES);
  const remedy =
    near.length === 0
      ? say`Leave the queue out to see what waits in all of them.`
      : say`Did you mean ${codes(near, ' or ')}? Leave the queue out to see all of them.`;
  const buttons = near.flatMap((name): Button[] => {
    const word = asWord(name);
    return word === undefined ? [] : [{ type: 'ask', label: name, command: `backlog ${word} on ${sidekiq}` }];
  });
  return refuse('unknown_queue', say`${sidekiq} has no queue ${code(queue)}.`, remedy, [
    ...buttons,
    { type: 'ask', label: 'All queues', command: `backlog on ${sidekiq}` },
  ]);
}
