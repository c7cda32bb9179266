import type { Clock, Log } from '../ports/host.ts';
import type { Lease, Leases } from '../ports/store.ts';

/** Short enough that another bot soon goes on after a crash; long enough for a slow database. */
const TTL_MS = 15_000;
const RENEW_EVERY_MS = 4000;

export type HeldLease = AsyncDisposable & {
  readonly fence: number;
  /** Aborts when it is lost, or may be: whoever holds it must do nothing more. */
  readonly lost: AbortSignal;
};

/** Takes a lease and renews it until it is disposed of; undefined while another holds it. */
export async function holdLease(
  name: string,
  holder: string,
  leases: Leases,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<HeldLease | undefined> {
  const lease = await leases.acquireLease(name, holder, TTL_MS);
  if (lease === undefined) return undefined;
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = renewUntil(ended.signal, lease);
  return {
    fence: lease.fence,
    lost: lost.signal,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await renewing;
      // Another takes it over when it has run out; nothing waits for this.
      await leases
        .releaseLease(lease)
        .catch((error: unknown) => log.warn({ err: error, lease: name }, 'a lease was not given back'));
    },
  };

  async function renewUntil(end: AbortSignal, held: Lease): Promise<void> {
    let heldSinceMs = clock.steadyMs();
    for (;;) {
      await clock.wait(RENEW_EVERY_MS, end);
      if (end.aborted) return;
      const askedAtMs = clock.steadyMs();
      try {
        if (!(await leases.renewLease(held, TTL_MS))) return lost.abort();
        heldSinceMs = askedAtMs;
      } catch (error) {
        log.warn({ err: error, lease: name }, 'a lease could not be renewed');
        if (clock.steadyMs() - heldSinceMs > TTL_MS - RENEW_EVERY_MS) return lost.abort();
      }
    }
  }
}
