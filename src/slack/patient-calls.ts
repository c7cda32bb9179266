import { z } from 'zod';
import type { Clock } from '../ports/host.ts';
import { RATE_LIMIT_CODES, UNNAMED_PAUSE_MS } from './pauses.ts';
import { CALL_TIMEOUT_MS } from './web-clients.ts';

/** What came of a call; `error` is Slack's own word, or one of those below. */
export type Called = {
  readonly body: unknown;
  readonly error: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly clockAheadMs: number | undefined;
};

export type Call = (method: string, args: Record<string, string>, token: string) => Promise<Called>;

const UNREACHABLE = 'unreachable';
const RATE_LIMITED = 'ratelimited';

/** All waits for Slack together: some methods may be called twenty times a minute, and who asks sits before a terminal. */
const PATIENCE_MS = 120_000;

const outcome = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

/**
 * Calls, and when Slack says to wait, waits and calls again while there is patience; then a method that is held back is left
 * alone, for the bot shares its limit. Never throws. Not by the client of Slack's library: that hides the headers, which tell the
 * scopes and the time.
 */
export function patientCalls(apiUrl: string, clock: Clock): Call {
  let patienceMs = PATIENCE_MS;
  const heldBack = new Set<string>();
  return async (method, args, token) => {
    while (!heldBack.has(method)) {
      const { waitMs, ...called } = await callOnce(apiUrl, method, args, token);
      if (waitMs === undefined) return called;
      if (waitMs > patienceMs) heldBack.add(method);
      else {
        patienceMs -= waitMs;
        await clock.wait(waitMs);
      }
    }
    return failed(RATE_LIMITED);
  };
}

async function callOnce(
  apiUrl: string,
  method: string,
  args: Record<string, string>,
  token: string,
): Promise<Called & { readonly waitMs?: number }> {
  const askedAtMs = Date.now();
  try {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const answeredAtMs = Date.now();
    const { headers } = response;
    if (response.status === 429) return { ...failed(RATE_LIMITED), waitMs: namedPauseMs(headers) };
    const dateMs = Date.parse(headers.get('date') ?? '');
    const scopes = headers
      .get('x-oauth-scopes')
      ?.split(',')
      .map((scope) => scope.trim());
    const body: unknown = await response.json();
    const { ok, error } = outcome.parse(body);
    if (RATE_LIMIT_CODES.includes(error ?? ''))
      return { ...failed(RATE_LIMITED), waitMs: namedPauseMs(headers) };
    return {
      body,
      error: ok ? undefined : (error ?? 'no reason'),
      scopes,
      clockAheadMs: Number.isNaN(dateMs) ? undefined : dateMs - (askedAtMs + answeredAtMs) / 2,
    };
  } catch {
    return failed(UNREACHABLE);
  }
}

/** In whole seconds, if Slack says it. */
function namedPauseMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds > 0 ? seconds * 1000 : UNNAMED_PAUSE_MS;
}

function failed(error: string): Called {
  return { body: undefined, error, scopes: undefined, clockAheadMs: undefined };
}
