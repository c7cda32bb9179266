import type { Clock } from '../ports/host.ts';
import { rateLimitMs, slackErrorCode } from './web-clients.ts';

/** Slack says this in some answers where it names no time. */
export const RATE_LIMIT_CODES: readonly string[] = ['ratelimited', 'rate_limited'];
export const UNNAMED_PAUSE_MS = 1000;

/** How long each channel must be left alone, as Slack said; the others go on. */
export class Pauses {
  readonly #clock: Clock;
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps what Slack asks for and says how long that is; undefined when the error is another. */
  note(channel: string, error: unknown): number | undefined {
    const isUnnamed = RATE_LIMIT_CODES.includes(slackErrorCode(error) ?? '');
    const pauseMs = rateLimitMs(error) ?? (isUnnamed ? UNNAMED_PAUSE_MS : undefined);
    if (pauseMs !== undefined) this.#untilMs.set(channel, this.#clock.steadyMs() + pauseMs);
    return pauseMs;
  }

  /** Resolves when this channel may be written to again, or when the signal aborts. */
  async over(channel: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const leftMs = (this.#untilMs.get(channel) ?? 0) - this.#clock.steadyMs();
      if (leftMs <= 0) break;
      await this.#clock.wait(leftMs, signal);
    }
    this.#untilMs.delete(channel);
  }
}
