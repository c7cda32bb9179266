import { z } from 'zod';

import { type Alert, idOf } from './alert.ts';

const StoredAck = z.object({
  by: z.string(),
  atMs: z.number(),
  /** Ids of the alerts that were open in the message then: of what began later that person knew nothing. */
  of: z.array(z.string()).readonly().optional(),
});

/** Somebody looks after it: nobody need be reminded. */
export type Ack = z.output<typeof StoredAck>;

/** Who acknowledged which message of a sidekiq, by the id of its digest. */
export type Acks = ReadonlyMap<string, Ack>;

const Stored = z.array(z.tuple([z.string(), StoredAck]));
/** Longer than any message lives that people still look at. */
const KEPT_MS = 30 * 86_400_000;

/** Throws at anything that `freezeAcks` did not write. */
export function thawAcks(text: string | undefined): Acks {
  return new Map(text === undefined ? [] : Stored.parse(JSON.parse(text)));
}

export function freezeAcks(acks: Acks, nowMs: number): string {
  return JSON.stringify([...acks].filter(([, { atMs }]) => nowMs - atMs < KEPT_MS));
}

/** An older bot did not write of what it was; it meant all. */
export function isCovered(alert: Pick<Alert, 'key' | 'sinceMs'>, { of }: Ack): boolean {
  return of === undefined || of.includes(idOf(alert));
}
