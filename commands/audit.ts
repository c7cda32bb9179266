import { exact } from '../src/core/amounts.ts';
import { type AuditRecord, formatHead } from '../src/core/audit/record.ts';
import type { Verdict } from '../src/core/audit/verify.ts';
import type { Part, Reply, Table } from '../src/core/reply/reply.ts';
import { NOTHING } from '../src/core/reply/reply.ts';
import { code, say, type Text } from '../src/core/reply/text.ts';
import type { Command } from '../src/flow/command.ts';

const LATEST = 15;
/** A cell is for a glance; audit:export has the whole. */
const CELL = 80;

export const audit: Command<Reply> = {
  name: 'audit',
  usage: 'audit',
  summary: 'the latest records of who did what, and whether the chain is whole',
  words: { max: 0, options: {} },
  sidekiqs: 'any',
  async run(_words, { records, sidekiqs, typed }) {
    const [verdict, latest] = [await records.verify(), await records.latestRecords(LATEST)];
    const names = new Set(sidekiqs.map(({ policy }) => policy.name));
    // A channel hears only of its own sidekiqs.
    const here = latest.filter(({ sidekiq }) => sidekiq === null || names.has(sidekiq));
    const parts: readonly Part[] = here.length === 0 ? [] : [{ type: 'table', table: tableOf(here) }];
    return {
      type: 'answer',
      tone: verdict.type === 'sound' ? 'good' : 'bad',
      headline: headlineOf(verdict),
      parts: [...parts, { type: 'note', text: footOf(verdict) }],
      buttons: [{ type: 'refresh', command: typed }, { type: 'share' }],
      data: {
        chain:
          verdict.type === 'sound'
            ? { state: 'sound', head: formatHead(verdict.head), count: verdict.head.count, fault: null }
            : { state: 'broken', head: null, count: null, fault: verdict.sentence },
        records: here,
      },
    };
  },
};

function headlineOf(verdict: Verdict): Text {
  if (verdict.type === 'broken') return say`The audit log is not as it was written. ${verdict.sentence}`;
  return say`The audit log is whole: ${exact(verdict.head.count)} records`;
}

function footOf(verdict: Verdict): Text {
  if (verdict.type === 'broken') {
    return say`Keep a copy of the store as it is, and check with ${code('npm run -s audit:verify')}.`;
  }
  const seal = verdict.seal === 'hmac-sha256' ? 'sealed with a key' : 'sealed without a key';
  return say`Head ${code(formatHead(verdict.head))}, ${seal}. ${code('npm run -s audit:export')} has all of it.`;
}

function tableOf(records: readonly AuditRecord[]): Table {
  return {
    caption: 'Records, newest first',
    columns: [
      { heading: 'No.', align: 'right' },
      { heading: 'When (UTC)', align: 'left' },
      { heading: 'Who', align: 'left' },
      { heading: 'What', align: 'left' },
      { heading: 'Action', align: 'left' },
      { heading: 'Result', align: 'left' },
    ],
    rows: records.map(({ number, atMs, who, what, proposalId, result }) => [
      String(number),
      new Date(atMs).toISOString().slice(0, 19).replace('T', ' '),
      who.name === '' ? who.id : who.name,
      what,
      proposalId ?? NOTHING,
      shortened(result),
    ]),
  };
}

function shortened(words: string): string {
  if (words === '') return NOTHING;
  return words.length > CELL ? `${[...words].slice(0, CELL - 1).join('')}…` : words;
}
