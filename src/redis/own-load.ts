import { setTimeout as pause } from 'node:timers/promises';
import { charge, type LoadAccount, openAccount, READING_BUDGET, restMs } from '../core/load.ts';
import type { Clock } from '../ports/host.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';

/** What one socket has carried so far; a new one after a reconnect begins at nothing. */
type Carried = { readonly bytesRead: number; readonly bytesWritten: number };

export type OwnLoadOptions = {
  readonly sidekiq: string;
  /** What for: approved actions have an account of their own, so that nobody who looks waits for them. */
  readonly use?: 'reading' | 'acting';
  readonly meter?: Meter;
  /** Time that goes forward only. */
  readonly clock?: Pick<Clock, 'steadyMs' | 'wait'>;
};

const STEADY: Pick<Clock, 'steadyMs' | 'wait'> = {
  steadyMs: () => performance.now(),
  // Ended early it is no failure: whoever rests looks again.
  wait: (ms, signal) => pause(ms, undefined, { ...(signal && { signal }) }).catch(() => {}),
};

/**
 * What the bot itself costs one Redis: counted as it happens, and held to the budget of core/load.ts. Whoever reads page after
 * page asks `rest` before each; the few commands of a snapshot go at once, and their poll is what slows down.
 */
export class OwnLoad {
  readonly #sidekiq: string;
  readonly #use: 'reading' | 'acting';
  readonly #meter: Meter;
  readonly #clock: Pick<Clock, 'steadyMs' | 'wait'>;
  #account: LoadAccount;
  #inFlight = 0;
  #busySinceMs = 0;
  readonly #counted = new WeakMap<object, { read: number; written: number }>();

  constructor({ sidekiq, use = 'reading', meter = UNMETERED, clock = STEADY }: OwnLoadOptions) {
    this.#sidekiq = sidekiq;
    this.#use = use;
    this.#meter = meter;
    this.#clock = clock;
    this.#account = openAccount(clock.steadyMs());
  }

  /** The part of the budget that is granted now; less where Redis is slow. */
  get share(): number {
    return this.#account.share;
  }

  /** How long Redis is to be left alone now. */
  get restMs(): number {
    return restMs(this.#account, READING_BUDGET, this.#clock.steadyMs());
  }

  /**
   * Resolves when the account allows Redis to be asked for more, however long that takes: true. False when `mostMs` are over before,
   * or it was closed: then it may not be asked.
   */
  async rest(mostMs: number, closed?: AbortSignal): Promise<boolean> {
    const endsAtMs = this.#clock.steadyMs() + mostMs;
    for (;;) {
      const nowMs = this.#clock.steadyMs();
      if (nowMs >= endsAtMs || closed?.aborted) return false;
      // Others share the account: while this one waits they may spend.
      const ms = this.restMs;
      if (ms === 0) return true;
      await this.#clock.wait(Math.min(ms, endsAtMs - nowMs), closed);
    }
  }

  /** Puts a piece of work on the account, however it ends. */
  async count<T>(commands: number, socket: () => Carried | undefined, work: () => Promise<T>): Promise<T> {
    const startedAtMs = this.#clock.steadyMs();
    if (this.#inFlight === 0) this.#busySinceMs = startedAtMs;
    this.#inFlight += 1;
    let hasFailed = true;
    try {
      const answer = await work();
      hasFailed = false;
      return answer;
    } finally {
      const nowMs = this.#clock.steadyMs();
      const ms = nowMs - this.#busySinceMs;
      this.#inFlight -= 1;
      this.#busySinceMs = nowMs;
      const { sentBytes, receivedBytes } = this.#carriedSince(socket());
      const load = { commands, bytes: sentBytes + receivedBytes, ms };
      this.#account = charge(this.#account, READING_BUDGET, load, nowMs - startedAtMs, nowMs);
      this.#meter.redisAsked(this.#sidekiq, {
        use: this.#use,
        commands,
        sentBytes,
        receivedBytes,
        ms,
        hasFailed,
        share: this.share,
      });
    }
  }

  #carriedSince(socket: Carried | undefined): { sentBytes: number; receivedBytes: number } {
    if (socket === undefined) return { sentBytes: 0, receivedBytes: 0 };
    const { bytesRead: read = 0, bytesWritten: written = 0 } = socket;
    const before = this.#counted.get(socket) ?? { read: 0, written: 0 };
    this.#counted.set(socket, { read, written });
    return { sentBytes: written - before.written, receivedBytes: read - before.read };
  }
}
