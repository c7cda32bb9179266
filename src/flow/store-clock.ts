import { aheadOfSteadyMs } from '../core/other-clock.ts';
import type { Clock } from '../ports/host.ts';
import type { StoreTime } from '../ports/store.ts';

/** A machine that slept, and a clock that was set, are noticed within that. */
const ASK_EVERY_MS = 5000;

/**
 * The store's clock, which all bots on it share: what one of them proposes expires for all at the same moment, however wrong the clock of
 * one machine is. Between two questions, and while the store is away, it goes on at the pace of time.
 */
export class StoreClock implements Clock {
  readonly #store: StoreTime;
  readonly #own: Clock;
  readonly #stop = new AbortController();
  #aheadMs: number | undefined;

  private constructor(store: StoreTime, own: Clock) {
    this.#store = store;
    this.#own = own;
  }

  /** @throws {StoreError} */
  static async open(store: StoreTime, own: Clock): Promise<StoreClock> {
    const clock = new StoreClock(store, own);
    await clock.ask();
    void clock.#run();
    return clock;
  }

  nowMs(): number {
    return Math.round(this.#own.steadyMs() + (this.#aheadMs ?? 0));
  }

  steadyMs(): number {
    return this.#own.steadyMs();
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#own.wait(ms, signal);
  }

  /** Sets itself anew. @throws {StoreError} */
  async ask(): Promise<void> {
    const askedAtMs = this.#own.steadyMs();
    const saidMs = await this.#store.nowMs();
    const answeredAtMs = this.#own.steadyMs();
    this.#aheadMs = aheadOfSteadyMs(this.#aheadMs, { askedAtMs, answeredAtMs, saidMs, coarseMs: 1 });
  }

  [Symbol.dispose](): void {
    // What it asks a store that hangs is left to end by itself.
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#own.wait(ASK_EVERY_MS, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      // A store that is away is told by whoever needs it for more than the time.
      await this.ask().catch(() => {});
    }
  }
}
