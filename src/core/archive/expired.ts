import { z } from 'zod';
import { counted, duration } from '../amounts.ts';
import { type Line, named } from '../reply/line.ts';
import { code, say } from '../reply/text.ts';

/** Archives that the settings let expire though jobs were owed, kept so that the mornings after it can tell. */
const readExpired = z
  .strictObject({ actionId: z.string(), jobClass: z.string(), owed: z.int(), atMs: z.int() })
  .readonly();
const readKept = z.array(readExpired).readonly();

export type ExpiredDebt = z.output<typeof readExpired>;

/** Monday still tells of Friday night. */
const TOLD_MS = 3 * 86_400_000;

export function thawExpired(state: string | undefined): readonly ExpiredDebt[] {
  return state === undefined ? [] : (readKept.safeParse(JSON.parse(state)).data ?? []);
}

/** With this one, once, and without those that were told long enough. */
export function keepExpired(state: string | undefined, debt: ExpiredDebt): string {
  const others = stillTold(thawExpired(state), debt.atMs).filter(
    ({ actionId }) => actionId !== debt.actionId,
  );
  return JSON.stringify([...others, debt]);
}

export function stillTold(expired: readonly ExpiredDebt[], nowMs: number): readonly ExpiredDebt[] {
  return expired.filter(({ atMs }) => nowMs - atMs < TOLD_MS);
}

/** "Purge debt `k7q2mp` expired 5 h ago: 40 jobs of `TaxJob` are gone, neither put back nor written off." */
export function expiredLine({ actionId, jobClass, owed, atMs }: ExpiredDebt, nowMs: number): Line {
  const ago = duration(Math.max(0, nowMs - atMs));
  return {
    tone: 'bad',
    text: say`Purge debt ${code(actionId)} expired ${ago} ago, as the settings say: ${counted(owed, 'job')} of ${named(jobClass)} ${owed === 1 ? 'is' : 'are'} gone, neither put back nor written off.`,
  };
}
