import { setTimeout as pause } from 'node:timers/promises';
import { charge, type LoadAccount, openAccount, READING_BUDGET, restMs } from '../core/load.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';

/** What one socket has carried so far; a new one after a reconnect begins at nothing. */
type Carried = { readonly bytesRead: number; readonly bytesWritten: number };

export type OwnLoadOptions = {
  readonly sidekiq: string;
  /** What for: approved actions have an account of their own, so that nobody who looks waits for them. */
  readonly use?: 'reading' | 'acting';
  readonly meter?: Meter;
};

/** Whoever waits for the budget looks up this often whether there is still time. */
const LONGEST_REST_MS = 1000;

/**
 * What the bot itself costs one Redis: counted as it happens, and held to the budget of core/load.ts. Whoever reads page after
 * page asks `rest` before each; the few commands of a snapshot go at once, and their poll is what slows down.
 */
export class OwnLoad {
  readonly #sidekiq: string;
  readonly #use: 'reading' | 'acting';
  readonly #meter: Meter;
  #account: LoadAccount = openAccount(performance.now());
  #inFlight = 0;
  #busySinceMs = 0;
  readonly #counted = new WeakMap<object, { read: number; written: number }>();

  constructor({ sidekiq, use = 'reading', meter = UNMETERED }: OwnLoadOptions) {
    this.#sidekiq = sidekiq;
    this.#use = use;
    this.#meter = meter;
  }

  /** The part of the budget that is granted now; less where Redis is slow. */
  get share(): number {
    return this.#account.share;
  }

  /** Resolves when Redis may be asked for more, or after that time, a second at most. */
  async rest(mostMs = LONGEST_REST_MS): Promise<void> {
    const ms = Math.min(restMs(this.#account, READING_BUDGET, performance.now()), mostMs, LONGEST_REST_MS);
    if (ms > 0) await pause(ms);
  }

  /** Puts a piece of work on the account, however it ends. */
  async count<T>(commands: number, socket: () => Carried | undefined, work: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    if (this.#inFlight === 0) this.#busySinceMs = startedAtMs;
    this.#inFlight += 1;
    let hasFailed = true;
    try {
      const answer = await work();
      hasFailed = false;
      return answer;
    } finally {
      const nowMs = performance.now();
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
