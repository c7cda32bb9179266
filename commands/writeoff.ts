import { refuse } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

const WHICH = refuse(
  'which_archive',
  say`Which action should be written off? Name it by its id, as ${code('/sidekiq actions')} lists it.`,
  say`It is written ${code('/sidekiq writeoff ACTION --reason TEXT')}.`,
  [{ type: 'ask', label: 'Actions', command: 'actions' }],
);

export const writeoff: Command = {
  name: 'writeoff',
  usage: 'writeoff ACTION [--reason TEXT]',
  summary: 'proposes that the archived rest of a purge is never put back',
  words: { max: 1, options: { reason: 'rest' } },
  sidekiqs: 'any',
  async run({ words, options }, { records, sidekiqs, propose }) {
    const archive = words[0]?.toLowerCase();
    if (archive === undefined) return WHICH;
    const sidekiq = (await records.proposal(archive))?.plan.sidekiq;
    if (sidekiq === undefined || !sidekiqs.some(({ policy }) => policy.name === sidekiq)) return WHICH;
    const [reason = ''] = options.get('reason') ?? [];
    return propose({ action: 'writeoff', sidekiq, parameters: { archive }, reason });
  },
};
