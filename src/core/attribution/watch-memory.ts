import { z } from 'zod';
import { type Evidence, startEvidence } from './evidence.ts';
import { freeze, thaw } from './frozen.ts';
import type { Followed } from './process-ends.ts';

/** All that a watcher must remember to go on after a restart as if nothing had been. */
export type WatchMemory = {
  /** The last snapshot that was seen, by Redis's clock. */
  readonly seenAtMs: number;
  readonly followed: ReadonlyMap<string, Followed>;
  readonly evidence: Evidence;
};

export function emptyMemory(): WatchMemory {
  return { seenAtMs: 0, followed: new Map(), evidence: startEvidence() };
}

const FollowedOne = z.strictObject({
  identity: z.string(),
  beatAtMs: z.number(),
  isQuiet: z.boolean(),
  beatSeenAtMs: z.number(),
  namedAtMs: z.number(),
  end: z.enum(['crash', 'clean stop', 'killed while stopping', 'unknown']).optional(),
});
const Head = z.strictObject({ version: z.literal(1), seenAtMs: z.number(), followed: z.array(FollowedOne) });

/** Two lines of JSON, so that the evidence, which is large, is encoded once: whom it follows, and what it has seen. */
export function freezeMemory({ seenAtMs, followed, evidence }: WatchMemory): string {
  const head: z.input<typeof Head> = { version: 1, seenAtMs, followed: [...followed.values()] };
  return `${JSON.stringify(head)}\n${freeze(evidence)}`;
}

/** Throws at anything that `freezeMemory` did not write. */
export function thawMemory(text: string): WatchMemory {
  const end = text.indexOf('\n');
  const { seenAtMs, followed } = Head.parse(JSON.parse(text.slice(0, Math.max(0, end))));
  return {
    seenAtMs,
    followed: new Map(followed.map((one) => [one.identity, { ...one, end: one.end }])),
    evidence: thaw(text.slice(end + 1)),
  };
}
