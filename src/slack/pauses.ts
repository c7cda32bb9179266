import type { Clock } from '../ports/host.ts';
import { rateLimitMs, slackErrorCode } from './web-clients.ts';

/** Slack says this in some answers where it names no time. */
export const RATE_LIMIT_CODES: readonly string[] = ['ratelimited', 'rate_limited'];
export const UNNAMED_PAUSE_MS = 1000;

/** How long each channel must be left alone, as Slack said; the others go on. */
export class Pauses {
  readonly #clock: Clock;
  readonly #hurry: AbortSignal;
  readonly #untilMs = new Map<string, number>();

  /** Once `hurry` aborts, nobody waits for the end of a pause any more. */
  constructor(clock: Clock, hurry: AbortSignal) {
    this.#clock = clock;
    this.#hurry = hurry;
  }

  /** Keeps what Slack asks for and says how long that is; undefined when the error is another. */
  note(channel: string, error: unknown): number | undefined {
    const isUnnamed = RATE_LIMIT_CODES.includes(slackErrorCode(error) ?? '');
    const pauseMs = rateLimitMs(error) ?? (isUnnamed ? UNNAMED_PAUSE_MS : undefined);
    if (pauseMs !== undefined) this.#untilMs.set(channel, this.#clock.steadyMs() + pauseMs);
    return pauseMs;
  }

  /** How long the channel must be left alone from now on; 0 when it may be written to. */
  leftMs(channel: string): number {
    return Math.max(0, (this.#untilMs.get(channel) ?? 0) - this.#clock.steadyMs());
  }

  /** True when the channel may be written to again; false, at once, when that would be later than `byMs` or there is a hurry. */
  async over(channel: string, byMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (;;) {
      const leftMs = this.leftMs(channel);
      if (leftMs === 0) break;
      if (this.#hurry.aborted || this.#clock.steadyMs() + leftMs > byMs) return false;
      await this.#clock.wait(leftMs, this.#hurry);
    }
    this.#untilMs.delete(channel);
    return true;
  }
}
