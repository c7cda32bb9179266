import type { Reply } from '../delivery.ts';
import type { Outcome } from '../page/api.ts';

export const DONE: Outcome = { ok: true };

export function problem(sentence: string): Outcome & { readonly ok: false } {
  return { ok: false, problem: sentence };
}

/** Slack's code for a delivery that failed, and what it means; nothing if it did not fail. */
export function failureOf(reply: Reply): string | undefined {
  switch (reply.status) {
    case 'acknowledged':
      return undefined;
    case 'late':
      return 'failed with the error "operation_timeout": the app did not answer within 3 seconds.';
    case 'unreachable':
      return `failed with the error "dispatch_failed": ${reply.detail}.`;
    default:
      return reply satisfies never;
  }
}
