import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../ports/host.ts';

/** The work that goes on: Bolt's `stop` does not wait for it in Socket Mode, so we do. */
export class Running {
  readonly #work = new Set<Promise<unknown>>();
  #isStopping = false;
  #lastTurn: Promise<void> = Promise.resolve();

  get isStopping(): boolean {
    return this.#isStopping;
  }

  async watch<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  /**
   * Each work begins in its own round of the event loop: what was delivered meanwhile is acknowledged before the next one,
   * however many people ask at once.
   */
  turn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => setImmediate());
    return this.#lastTurn;
  }

  /** From now on nothing new is begun; resolves when all has ended, or after that time with how much has not. */
  async drain(withinMs: number, clock: Clock): Promise<number> {
    this.#isStopping = true;
    const deadline = new AbortController();
    await Promise.race([Promise.allSettled(this.#work), clock.wait(withinMs, deadline.signal)]);
    deadline.abort();
    return this.#work.size;
  }
}
