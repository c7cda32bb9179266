import { refuse } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

const WHICH = refuse(
  'which_archive',
  say`Which action should be put back? Name it by its id, as ${code('/sidekiq actions')} lists it.`,
  say`It is written ${code('/sidekiq restore ACTION --percent 1 --reason TEXT')}.`,
  [{ type: 'ask', label: 'Actions', command: 'actions' }],
);

const NOT_A_SHARE = refuse(
  'not_a_percentage',
  say`A share is a whole number from 1 to 100.`,
  say`Put back 1 first, then 10, then leave ${code('--percent')} out for the rest.`,
);

export const restore: Command = {
  name: 'restore',
  usage: 'restore ACTION [--percent N] [--reason TEXT] [--despite-crashes]',
  summary: 'proposes to put back what a purge archived, whole or a share of it',
  words: { max: 1, options: { percent: 'one', reason: 'rest', 'despite-crashes': 'flag' } },
  sidekiqs: 'any',
  async run({ words, options }, { records, sidekiqs, propose }) {
    const [id] = words;
    if (id === undefined) return WHICH;
    const archive = id.toLowerCase();
    const [share = '100'] = options.get('percent') ?? [];
    const percent = /^(?:[1-9]\d?|100)%?$/.test(share) ? Number.parseInt(share, 10) : undefined;
    if (percent === undefined) return NOT_A_SHARE;
    const sidekiq = (await records.proposal(archive))?.plan.sidekiq;
    if (sidekiq === undefined || !sidekiqs.some(({ policy }) => policy.name === sidekiq)) return WHICH;
    const [reason = ''] = options.get('reason') ?? [];
    const parameters = { archive, percent, despiteCrashes: options.has('despite-crashes') };
    return propose({ action: 'restore', sidekiq, parameters, reason });
  },
};
