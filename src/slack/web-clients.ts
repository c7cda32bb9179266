import type { Logger } from '@slack/bolt';
import { webApi } from '@slack/bolt';
import type { Clock } from '../ports/host.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';

/**
 * Two clients, so that what a person waits for never stands behind a post to a busy channel. Neither sleeps on a 429: by
 * default a client pauses its whole queue for as long as Slack says, and every other call with it.
 */
export type WebClients = {
  /** What a person waits for: who they are, and answers to them alone. */
  readonly replies: webApi.WebClient;
  /** Posts to channels. Never tried again by itself: Slack knows no idempotency key, and a second try may post twice. */
  readonly posts: webApi.WebClient;
};

export type WebAccess = {
  readonly botToken: string;
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly meter?: Meter;
  /** How it is asked; `fetch` itself is the default. */
  readonly fetch?: webApi.FetchFunction;
  /** Hears of each answer by which Slack shuts the bot out. */
  readonly onShutOut?: (error: unknown) => void;
};

/** The default is none. */
export const CALL_TIMEOUT_MS = 10_000;

export function openWebClients({
  botToken,
  apiUrl,
  logger,
  meter = UNMETERED,
  fetch,
  onShutOut = () => {},
}: WebAccess): WebClients {
  const open = (retries: number) =>
    new WatchedClient(
      botToken,
      { ...clientOptions(apiUrl, logger, retries), ...(fetch === undefined ? {} : { fetch }) },
      meter,
      onShutOut,
    );
  return { replies: open(2), posts: open(0) };
}

/** Every method of a client goes through `apiCall` (web-api 8). */
class WatchedClient extends webApi.WebClient {
  readonly #meter: Meter;
  readonly #onShutOut: (error: unknown) => void;

  constructor(
    token: string,
    options: webApi.WebClientOptions,
    meter: Meter,
    onShutOut: (error: unknown) => void,
  ) {
    super(token, options);
    this.#meter = meter;
    this.#onShutOut = onShutOut;
  }

  override async apiCall(
    method: string,
    options?: Record<string, unknown>,
  ): Promise<webApi.WebAPICallResult> {
    const startedAtMs = performance.now();
    try {
      const result = await super.apiCall(method, options);
      this.#meter.slackCalled(method, 'ok', performance.now() - startedAtMs);
      return result;
    } catch (error) {
      this.#meter.slackCalled(method, outcomeOf(error), performance.now() - startedAtMs);
      if (isShutOut(error)) this.#onShutOut(error);
      throw error;
    }
  }
}

function outcomeOf(error: unknown): 'rate_limited' | 'refused' | 'failed' {
  if (rateLimitMs(error) !== undefined) return 'rate_limited';
  return slackErrorCode(error) === undefined ? 'failed' : 'refused';
}

/**
 * A fresh object at each call, with its own retry policy: Bolt and its Socket Mode client write into what they are given, and
 * one without a policy gets 100 retries that would then be everybody's (socket-mode 3.1).
 */
export function clientOptions(apiUrl: string, logger: Logger, retries: number): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    logger,
    timeout: CALL_TIMEOUT_MS,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    retryConfig: { retries, minTimeout: 200, maxTimeout: 2000 },
  };
}

/** How long each wait may be that Slack asks for, and how often a call is made at most. */
export type Patience = { readonly waitMs: number; readonly tries: number };

/** A person who pressed something waits that long, not longer. */
const WHILE_SOMEBODY_WAITS: Patience = { waitMs: 10_000, tries: 3 };

/** Calls, and when Slack says to wait a little, waits and calls again. Other calls go on meanwhile. */
export async function patiently<T>(
  clock: Clock,
  call: () => Promise<T>,
  patience: Patience = WHILE_SOMEBODY_WAITS,
): Promise<T> {
  for (let nth = 1; ; nth += 1) {
    try {
      return await call();
    } catch (error) {
      const waitMs = rateLimitMs(error);
      if (waitMs === undefined || waitMs > patience.waitMs || nth === patience.tries) throw error;
      const askedAtMs = clock.steadyMs();
      await clock.wait(waitMs);
      // Cut short by a hurry: Slack would only say the same again.
      if (clock.steadyMs() - askedAtMs < waitMs / 2) throw error;
    }
  }
}

/** How long Slack asks to wait, when that is what went wrong. */
export function rateLimitMs(error: unknown): number | undefined {
  return error instanceof webApi.WebAPIRateLimitedError ? error.retryAfter * 1000 : undefined;
}

/** Slack's own word for what went wrong, such as `not_in_channel`. */
export function slackErrorCode(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}

/** A call of Slack's Web API failed, in whatever way. */
export function isOfSlack(error: unknown): boolean {
  return error instanceof webApi.SlackError;
}

const SHUT_OUT = [
  'not_authed',
  'invalid_auth',
  'not_allowed_token_type',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
];

/** Trying on would not help: the token was revoked, the app removed, the workspace closed. */
export function isShutOut(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code !== undefined && SHUT_OUT.includes(code);
}
