import { counted, duration, exact } from '../amounts.ts';
import type { Debt } from '../archive/debt.ts';
import { code, say } from '../reply/text.ts';
import { type Line, named } from './line.ts';

/** "Purge debt `k7q2mp`: `TaxJob`, 312 jobs archived 2 d ago, neither put back nor written off. Owner: @payroll." */
export function debtLine({ actionId, jobClass, jobs, uncertain, ageMs, owner }: Debt): Line {
  const doubt = uncertain === 0 ? '' : ` (of ${exact(uncertain)} more nobody knows)`;
  const archived = `${counted(jobs, 'job')} archived ${duration(ageMs)} ago, neither put back nor written off${doubt}`;
  const whom = owner === undefined ? 'The settings name no owner.' : `Owner: ${owner}.`;
  return {
    tone: 'neutral',
    text: say`Purge debt ${code(actionId)}: ${named(jobClass)}, ${archived}. ${whom}`,
  };
}
