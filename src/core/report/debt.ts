import { counted, duration } from '../amounts.ts';
import { type Button, NOTHING } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import { type Line, named } from './line.ts';

/** Jobs that a purge has archived and that nobody has put back or written off. */
export type Debt = {
  readonly actionId: string;
  readonly target: string;
  readonly jobs: number;
  /** When the last of them was archived. */
  readonly sinceMs: number;
  /** Whom the settings name for the class, else who asked for the purge. */
  readonly owner: string;
};

/** "`k7q2mp`: 312 jobs of `X` are archived since 2 d; owner: @payroll-platform" */
export function debtLine({ actionId, target, jobs, sinceMs, owner }: Debt, nowMs: number): Line {
  const archived = `${counted(jobs, 'job')} archived ${duration(nowMs - sinceMs)} ago, neither put back nor written off`;
  return {
    tone: 'neutral',
    text: say`Purge debt ${code(actionId)}: ${named(target)}, ${archived}. Owner: ${owner === '' ? NOTHING : owner}.`,
  };
}

export function debtButton({ actionId }: Debt): Button {
  return { type: 'ask', label: `Show ${actionId}`, command: `actions ${actionId}` };
}
