import type { Button, Reply } from '../src/core/reply/reply.ts';
import { wholeReport } from '../src/core/report/details.ts';
import { reportLeads } from '../src/core/report/leads.ts';
import type { Command } from '../src/flow/command.ts';

export const report: Command<Reply> = {
  name: 'report',
  usage: 'report',
  summary: 'the morning post, now: did the night finish, and what was unusual',
  words: { max: 0, options: {} },
  sidekiqs: 'one',
  async run(_words, { sidekiqs, records, nowMs, typed }): Promise<Reply> {
    const [sidekiq] = sidekiqs;
    if (sidekiq === undefined) throw new Error('report was called without its sidekiq');
    const told = await records.report(sidekiq, nowMs);
    const buttons: readonly Button[] = [
      ...reportLeads(told),
      { type: 'refresh', command: typed },
      { type: 'share' },
    ];
    return wholeReport(told, buttons);
  },
};
