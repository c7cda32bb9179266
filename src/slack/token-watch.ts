import type { Clock, Log } from '../ports/host.ts';
import { isShutOut, rateLimitMs, type WebClients } from './web-clients.ts';

/** As long as nobody may know that no alert can be posted. Slack takes hundreds of these a minute. */
const ASK_EVERY_MS = 60_000;

/**
 * Asks Slack now and then whether it still takes the bot's token. On a quiet night nothing else is called, and a token that is revoked
 * would be learned of by the first alert that can't be posted. The client tells that the bot is shut out, as of any call; all else,
 * 429, 500 and no answer, says nothing of the token, and is asked again.
 */
export class TokenWatch {
  readonly #clients: WebClients;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(clients: WebClients, clock: Clock, log: Log) {
    this.#clients = clients;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** An answer that Slack has not given yet is not waited for: it may take as long as a stop may. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    // It was asked at the start of the bot.
    let pauseMs: number | undefined = ASK_EVERY_MS;
    while (pauseMs !== undefined) {
      await this.#clock.wait(pauseMs, this.#stop.signal);
      pauseMs = this.#stop.signal.aborted ? undefined : await this.#ask();
    }
  }

  /** When to ask again; undefined: not any more. */
  async #ask(): Promise<number | undefined> {
    try {
      // Not tried again within the call: the next turn is the next try.
      await this.#clients.posts.auth.test();
      return ASK_EVERY_MS;
    } catch (error) {
      if (isShutOut(error) || this.#stop.signal.aborted) return undefined;
      const pauseMs = Math.max(ASK_EVERY_MS, rateLimitMs(error) ?? 0);
      this.#log.warn({ err: error, pauseMs }, 'Slack did not say whether it takes the token; asking again');
      return pauseMs;
    }
  }
}
