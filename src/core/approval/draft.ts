import { z } from 'zod';
import { encodeCanonical, parseCanonical } from '../canonical.ts';
import { type Plan, readPlan } from '../plan.ts';

/**
 * What somebody asked for, until a window has asked them for the rest. The window carries no more than its id, and all bots read
 * it from the store. A draft's id is that of the proposal which it becomes, so that sending the window off twice proposes once.
 */
export type Draft = {
  readonly plan: Plan;
  /** Empty where the window asks for it. */
  readonly reason: string;
  /** Who asked; nobody else's window counts. */
  readonly personId: string;
  /** Where they asked, whatever the window says. */
  readonly channelId: string;
};

/** For so long a window may stand open: the counts that it shows grow old. */
export const DRAFT_LIFE_MS = 15 * 60_000;

const readDraft: z.ZodType<Draft> = z.strictObject({
  plan: readPlan,
  reason: z.string(),
  personId: z.string(),
  channelId: z.string(),
});

export function encodeDraft(draft: Draft): string {
  return encodeCanonical(draft);
}

/** Undefined for anything that `encodeDraft` of this version did not write. */
export function parseDraft(text: string): Draft | undefined {
  return readDraft.safeParse(parseCanonical(text)).data;
}
