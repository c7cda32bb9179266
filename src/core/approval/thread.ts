import type { AuditRecord } from '../audit/record.ts';
import type { Answer } from '../reply/reply.ts';
import { at, bold, person, say, type Text } from '../reply/text.ts';
import type { Proposal } from './proposal.ts';

/**
 * What the thread of a proposal's message tells: each vote and each turn, from the audit log, so that nothing is told that
 * was not recorded. Refusals are told to whoever was refused, and steps are folded into the newest one.
 */
export function threadAnswer(proposal: Proposal, records: readonly AuditRecord[]): Answer | undefined {
  const told = records.filter(({ what }) => what !== 'refused' && what !== 'proposed');
  const lines = told
    .filter(({ what }, index) => what !== 'step' || told[index + 1]?.what !== 'step')
    .map((record) => lineOf(record, proposal));
  const [first, ...others] = lines;
  if (first === undefined) return undefined;
  return {
    type: 'answer',
    tone: 'neutral',
    headline: first,
    parts: others.map((text) => ({ type: 'paragraph', text })),
    buttons: [],
    data: null,
  };
}

/** Ends are addressed to the requester, who is notified by it. */
const ENDS: ReadonlySet<string> = new Set([
  'denied',
  'expired',
  'done',
  'stopped',
  'failed',
  'drift',
  'archive expired',
]);

function lineOf({ who, what, why, result, atMs }: AuditRecord, { requester }: Proposal): Text {
  const to = ENDS.has(what) ? say`${person(requester.userId)} ` : [];
  const reason = why === '' ? '' : ` (${why})`;
  return say`${to}${bold(who.name)}, ${at(atMs)}: ${what}${reason}: ${result}`;
}
