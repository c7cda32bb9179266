import type { Clock, Log, Turns } from '../ports/host.ts';
import type { Leases } from '../ports/store.ts';
import { type HeldLease, holdLease } from './lease.ts';

/**
 * Turns by leases in the store: one holder among replicas. A turn is renewed for as long as its holder lives, whether it looks
 * every second or once a minute, so the death of one is noticed by the others within seconds.
 */
export function turnsOver(
  leases: Leases,
  holder: string,
  life: { readonly clock: Clock; readonly log: Log },
): Turns {
  const held = new Map<string, HeldLease>();
  const release = async (name: string) => {
    const lease = held.get(name);
    held.delete(name);
    await lease?.[Symbol.asyncDispose]();
  };
  return {
    tryHold: async (name) => {
      const before = held.get(name);
      if (before !== undefined && !before.lost.aborted) return true;
      await release(name);
      const lease = await holdLease(name, holder, leases, life);
      if (lease !== undefined) held.set(name, lease);
      return lease !== undefined;
    },
    release,
  };
}
