import { refuse } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

export const quiet: Command = {
  name: 'quiet',
  usage: 'quiet PROCESS [--reason TEXT]',
  summary: 'proposes that a process takes no new jobs; a second person must agree',
  words: { max: 1, options: { reason: 'rest' } },
  sidekiqs: 'one',
  async run({ words, options }, { sidekiqs, propose }) {
    const [process] = words;
    const [sidekiq] = sidekiqs;
    if (process === undefined || sidekiq === undefined) {
      return refuse(
        'which_process',
        say`Which process? Name it by its identity, the beginning of it, or its host.`,
        say`It is written ${code('/sidekiq quiet PROCESS --reason TEXT')}.`,
      );
    }
    const reason = options.get('reason')?.[0] ?? '';
    return propose({ action: 'quiet', sidekiq: sidekiq.policy.name, parameters: { process }, reason });
  },
};
