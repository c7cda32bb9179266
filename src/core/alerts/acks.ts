import { z } from 'zod';

/** Somebody looks after it: nobody need be reminded. */
export type Ack = { readonly by: string; readonly atMs: number };

/** Who acknowledged which message of a sidekiq, by the id of its digest. */
export type Acks = ReadonlyMap<string, Ack>;

const Stored = z.array(z.tuple([z.string(), z.object({ by: z.string(), atMs: z.number() })]));
/** Longer than any message lives that people still look at. */
const KEPT_MS = 30 * 86_400_000;

/** Throws at anything that `freezeAcks` did not write. */
export function thawAcks(text: string | undefined): Acks {
  return new Map(text === undefined ? [] : Stored.parse(JSON.parse(text)));
}

export function freezeAcks(acks: Acks, nowMs: number): string {
  return JSON.stringify([...acks].filter(([, { atMs }]) => nowMs - atMs < KEPT_MS));
}
