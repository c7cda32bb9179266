import type { Leases, Turns } from '../ports.ts';

/** Longer than two of the slowest polls, so that who watches does not lose its turn between two looks. */
const HELD_FOR_MS = 150_000;

/** Turns by leases in the store: one holder among replicas, until it ends or is not heard of for a while. */
export function turnsOver(leases: Leases, holder: string): Turns {
  return {
    tryHold: async (name) => (await leases.acquireLease(name, holder, HELD_FOR_MS)) !== undefined,
    release: async (name) => {
      const lease = await leases.acquireLease(name, holder, HELD_FOR_MS);
      if (lease !== undefined) await leases.releaseLease(lease);
    },
  };
}
