import { CLOCKS_OFF_MS } from '../clocks.ts';
import { type Finding, good, unknown, warning, wrong } from './finding.ts';

/** Deadlines of proposals and ages of jobs are off by this much, and nobody would notice. */
const FINE_MS = 2000;

/** How far another clock is from ours. Undefined, or no number, when it could not be read. */
export function judgeClock(
  about: string,
  whose: string,
  aheadMs: number | undefined,
  toleranceMs = FINE_MS,
): Finding {
  if (aheadMs === undefined || Number.isNaN(aheadMs)) {
    return unknown(about, `${whose} clock could not be read.`, 'Nothing, unless deadlines seem to be off.');
  }
  const seconds = Math.round(Math.abs(aheadMs) / 100) / 10;
  const where = aheadMs > 0 ? 'ahead of' : 'behind';
  if (Math.abs(aheadMs) <= toleranceMs) return good(about, `${whose} clock agrees with this machine's.`);
  const judged = Math.abs(aheadMs) > CLOCKS_OFF_MS ? wrong : warning;
  return judged(
    about,
    `${whose} clock is ${seconds} s ${where} this machine's.`,
    'Let NTP set the clocks of both machines; compare each with a third.',
  );
}
