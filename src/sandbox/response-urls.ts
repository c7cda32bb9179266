import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A response_url takes five answers within thirty minutes (reference/slack.md, section 6). */
const USES_MAX = 5;
const LIFE_MS = 30 * 60_000;
const KEPT_URLS = 5_000;

/** What an answer through this address belongs to. */
export type ResponseUrl = {
  readonly key: string;
  readonly channel: string;
  readonly person: string;
  readonly issuedAtMs: number;
  /** The message that `replace_original` and `delete_original` mean: the one pressed, or the first answer to a command. */
  originalTs: string | undefined;
  uses: number;
};

export class ResponseUrls {
  readonly #clock: Clock;
  readonly #urls = new Map<string, ResponseUrl>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(channel: string, person: string, originalTs?: string): ResponseUrl {
    const key = randomBytes(18).toString('base64url');
    const issued = { key, channel, person, originalTs, issuedAtMs: this.#clock.nowMs(), uses: 0 };
    this.#urls.set(key, issued);
    const [oldest] = this.#urls.keys();
    if (this.#urls.size > KEPT_URLS && oldest !== undefined) this.#urls.delete(oldest);
    return issued;
  }

  /** The address, if it still takes an answer; else Slack's word for why not. */
  find(key: string): ResponseUrl | 'used_url' | 'expired_url' {
    const url = this.#urls.get(key);
    if (url === undefined || this.#clock.nowMs() - url.issuedAtMs > LIFE_MS) return 'expired_url';
    return url.uses >= USES_MAX ? 'used_url' : url;
  }
}
