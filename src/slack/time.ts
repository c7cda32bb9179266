import type { webApi } from '@slack/bolt';
import { aheadOfSteadyMs } from '../core/other-clock.ts';
import type { Clock } from '../ports/host.ts';

/** Of the `Date` header of HTTP. */
const WHOLE_SECONDS_MS = 1000;

/** Slack's clock, as each of its answers says it; between two of them it goes on at the pace of time. */
export class SlackTime {
  readonly #clock: Clock;
  #aheadMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number | undefined {
    return this.#aheadMs === undefined ? undefined : Math.round(this.#clock.steadyMs() + this.#aheadMs);
  }

  /** For the clients: the same as `fetch`, and it listens. */
  readonly fetch: webApi.FetchFunction = async (url, init) => {
    const askedAtMs = this.#clock.steadyMs();
    const response = await fetch(url, init);
    const saidMs = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(saidMs)) {
      const answeredAtMs = this.#clock.steadyMs();
      this.#aheadMs = aheadOfSteadyMs(this.#aheadMs, {
        askedAtMs,
        answeredAtMs,
        saidMs,
        coarseMs: WHOLE_SECONDS_MS,
      });
    }
    return response;
  };
}
