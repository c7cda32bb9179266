import type { Clock, Log } from '../ports/host.ts';
import type { Lease, Leases } from '../ports/store.ts';

/** Short enough that another bot soon goes on after a crash; long enough for a slow database. */
const TTL_MS = 15_000;
const RENEW_EVERY_MS = 4000;
/** Whoever could not renew it for so long has lost it: what is under way by then has the rest of it to end. */
const SURE_MS = TTL_MS - RENEW_EVERY_MS;

export type HeldLease = AsyncDisposable & {
  readonly fence: number;
  /** Aborts when it is lost, or may be: whoever holds it must do nothing more. */
  readonly lost: AbortSignal;
};

/**
 * Takes a lease and renews it until it is disposed of; undefined while another holds it. A store that says nothing is waited for
 * no longer than the lease is sure. @throws {StoreError}
 */
export async function holdLease(
  name: string,
  holder: string,
  leases: Leases,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<HeldLease | undefined> {
  const askedAtMs = clock.steadyMs();
  const lease = await leases.acquireLease(name, holder, TTL_MS);
  if (lease === undefined) return undefined;
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = renewUntil(ended.signal, lease, askedAtMs + SURE_MS);
  return {
    fence: lease.fence,
    lost: lost.signal,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await renewing;
      // What was lost is another's, or cannot be given back now.
      if (lost.signal.aborted) return;
      // Another takes it over when it has run out; nothing waits for this.
      await leases
        .releaseLease(lease)
        .catch((error: unknown) => log.warn({ err: error, lease: name }, 'a lease was not given back'));
    },
  };

  async function renewUntil(end: AbortSignal, held: Lease, firstSureUntilMs: number): Promise<void> {
    for (let sureUntilMs = firstSureUntilMs; ; ) {
      await clock.wait(Math.min(RENEW_EVERY_MS, sureUntilMs - clock.steadyMs()), end);
      if (end.aborted) return;
      const renewedAtMs = clock.steadyMs();
      const answer = await renew(end, held, sureUntilMs - renewedAtMs);
      if (end.aborted) return;
      if (answer === 'renewed') sureUntilMs = renewedAtMs + SURE_MS;
      else if (answer === 'lost' || clock.steadyMs() >= sureUntilMs) return lost.abort();
    }
  }

  async function renew(end: AbortSignal, held: Lease, withinMs: number) {
    const answered = new AbortController();
    const asked = leases.renewLease(held, TTL_MS).then(
      (isRenewed) => (isRenewed ? 'renewed' : 'lost'),
      (error: unknown) => {
        log.warn({ err: error, lease: name }, 'a lease could not be renewed');
        return 'unknown';
      },
    );
    const late = clock.wait(withinMs, AbortSignal.any([end, answered.signal])).then(() => 'unknown');
    try {
      return await Promise.race([asked, late]);
    } finally {
      answered.abort();
    }
  }
}
