import type { Fleet } from '../fleet/fleet.ts';

/** Often enough to look alive; the fleet's own steps are finer. */
const PAUSE_MS = 100;

/** Plays a fleet by the clock until the signal. Rejects when its Redis is gone. */
export async function playLive(fleet: Fleet, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await fleet.advance(Date.now());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
