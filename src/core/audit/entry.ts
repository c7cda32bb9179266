import { z } from 'zod';

/** What the audit log tells of one event: who, what, where, when, why, about what, with what result. */
export const entryShape = {
  /** The person, or the bot itself; the name as it was then. */
  who: z.strictObject({ id: z.string(), name: z.string() }),
  /** The event in a word or two: `proposed`, `vote`, `refused`, `started`, `bot started`. */
  what: z.string().min(1),
  /** A Slack channel id, or the part of the program. */
  where: z.string(),
  atMs: z.int(),
  why: z.string(),
  sidekiq: z.string().nullable(),
  /** The proposal, which keeps its id as an action. */
  proposalId: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** What came of it, in words; never arguments of jobs, never secrets. */
  result: z.string(),
} as const;

const entry = z.strictObject(entryShape);

export type Entry = Omit<z.output<typeof entry>, 'who'> & { readonly who: Actor };
export type Actor = { readonly id: string; readonly name: string };

/** What the program does by itself: expiry, start, steps, its own start. */
export const BOT: Actor = { id: 'poison-control', name: 'Poison Control' };
