import type { Button, Reply } from '../src/core/reply/reply.ts';
import { bold, code, say } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

/** What is asked most often comes as a button; five fit side by side. */
const BUTTONS = 5;

export const help: Command<Reply> = {
  name: 'help',
  usage: 'help',
  summary: 'this list',
  words: { max: 0, options: {} },
  sidekiqs: 'none',
  run(_words, context): Promise<Reply> {
    const others = context.commands.filter(({ name }) => name !== help.name);
    // One that needs words to begin with is no button: it would only be refused.
    const direct = others.filter(({ usage }) => !/^\S+ [A-Z]/.test(usage));
    return Promise.resolve({
      type: 'answer',
      tone: 'neutral',
      headline: say`${bold('Poison Control')} tells how Sidekiq is, and what is wrong with it.`,
      parts: [
        {
          type: 'facts',
          facts: context.commands.map(({ usage, summary }) => ({ label: usage, value: say`${summary}` })),
        },
        {
          type: 'note',
          text: say`Type them after ${code('/sidekiq')}. With several sidekiqs add ${code('on NAME')}. Looking changes nothing.`,
        },
      ],
      buttons: direct.slice(0, BUTTONS).map(
        ({ name }): Button => ({
          type: 'ask',
          label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
          command: name,
        }),
      ),
      data: { commands: context.commands.map(({ name, usage, summary }) => ({ name, usage, summary })) },
    });
  },
};
