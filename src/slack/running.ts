import type { Clock } from '../ports.ts';

/** The work that goes on: Bolt's `stop` does not wait for it in Socket Mode, so we do. */
export class Running {
  readonly #work = new Set<Promise<unknown>>();
  #isStopping = false;

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

  /** From now on nothing new is begun; resolves when all has ended, or after that time with how much has not. */
  async drain(withinMs: number, clock: Clock): Promise<number> {
    this.#isStopping = true;
    const deadline = new AbortController();
    await Promise.race([Promise.allSettled(this.#work), clock.wait(withinMs, deadline.signal)]);
    deadline.abort();
    return this.#work.size;
  }
}
