import { counted, duration, exact } from '../amounts.ts';
import { type Line, named } from '../reply/line.ts';
import { at, code, say } from '../reply/text.ts';
import type { ArchiveAccount } from './archive.ts';

/** "Purge debt `k7q2mp`: `TaxJob`, 312 of 400 jobs archived 2 d ago, neither put back nor written off. Owner: @payroll." Where the settings let it expire it says when: after that nobody can decide. */
export function debtLine(account: ArchiveAccount, nowMs: number): Line {
  const { actionId, jobClass, archived, owed, uncertain, firstAtMs, owner, expiresAtMs } = account;
  const jobs = owed === archived ? counted(owed, 'job') : `${exact(owed)} of ${counted(archived, 'job')}`;
  const ago = duration(Math.max(0, nowMs - firstAtMs));
  const doubt = uncertain === 0 ? '' : ` (of ${exact(uncertain)} more nobody knows)`;
  const whom = owner === undefined ? 'The settings name no owner.' : `Owner: ${owner}.`;
  const end =
    expiresAtMs === undefined ? say`` : say` It expires ${at(expiresAtMs)}: what is owed then is gone.`;
  return {
    tone: expiresAtMs === undefined ? 'neutral' : 'warning',
    text: say`Purge debt ${code(actionId)}: ${named(jobClass)}, ${jobs} archived ${ago} ago, neither put back nor written off${doubt}. ${whom}${end}`,
  };
}
