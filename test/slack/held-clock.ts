import type { Clock } from '../../src/ports/host.ts';

/** A clock on which nothing that waits goes on until the test lets it. */
export class HeldClock implements Clock {
  #nowMs = Date.UTC(2026, 10, 23, 3, 0, 0);
  #steadyMs = 0;
  #waiting: { readonly ms: number; readonly go: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  steadyMs(): number {
    return this.#steadyMs;
  }

  /** Somebody sets the clock, or NTP does: no time passes. */
  set(byMs: number): void {
    this.#nowMs += byMs;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { ms, go: resolve };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        resolve();
      };
      if (signal?.aborted === true) return resolve();
      signal?.addEventListener('abort', leave);
      this.#waiting.push(waiter);
    });
  }

  /** How long those wait that wait now. */
  get waitsMs(): readonly number[] {
    return this.#waiting.map(({ ms }) => ms);
  }

  /** Lets that much time pass for those who wait so long or less. */
  pass(ms: number): void {
    this.#nowMs += ms;
    this.#steadyMs += ms;
    const due = this.#waiting.filter((waiter) => waiter.ms <= ms);
    this.#waiting = this.#waiting.filter((waiter) => waiter.ms > ms);
    for (const { go } of due) go();
  }
}
