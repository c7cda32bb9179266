import { z } from 'zod';
import type { Mute } from './message.ts';

/** Who muted which alert of a sidekiq until when, by the alert's key. */
export type Mutes = ReadonlyMap<string, Mute>;

const Stored = z.array(z.tuple([z.string(), z.object({ untilMs: z.number(), by: z.string() })]));

/** Throws at anything that `freezeMutes` did not write. */
export function thawMutes(text: string | undefined): Mutes {
  return new Map(text === undefined ? [] : Stored.parse(JSON.parse(text)));
}

export function freezeMutes(mutes: Mutes, nowMs: number): string {
  return JSON.stringify([...mutes].filter(([, { untilMs }]) => untilMs > nowMs));
}

/** Those that still hold. */
export function heldMutes(
  mutes: Mutes,
  nowMs: number,
): readonly { readonly key: string; readonly mute: Mute }[] {
  return [...mutes].flatMap(([key, mute]) => (mute.untilMs > nowMs ? [{ key, mute }] : []));
}

export function muteOf(mutes: Mutes, key: string, nowMs: number): Mute | undefined {
  const mute = mutes.get(key);
  return mute !== undefined && mute.untilMs > nowMs ? mute : undefined;
}
