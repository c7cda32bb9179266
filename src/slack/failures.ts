import { type Refusal, refuse } from '../core/reply/reply.ts';
import { code, say } from '../core/reply/text.ts';
import type { FailureCause } from '../ports/meter.ts';
import { isOfSlack, rateLimitMs, slackErrorCode } from './web-clients.ts';

/** Longer than any command takes; whoever waits is told something instead of nothing. */
export class TookTooLong extends Error {
  readonly code = 'took_too_long';
  constructor(afterMs: number) {
    super(`no answer within ${afterMs} ms`);
    this.name = 'TookTooLong';
  }
}

/** Any failure as a sentence, with the reference under which the log tells what it was. */
export function failureReply(error: unknown, reference: string): Refusal {
  const waitMs = rateLimitMs(error);
  if (waitMs !== undefined) {
    const seconds = Math.ceil(waitMs / 1000);
    return refuse(
      'rate_limited',
      say`Slack lets me say no more for ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
      say`Try again after that.`,
    );
  }
  if (error instanceof TookTooLong) {
    return refuse(
      error.code,
      say`That took too long, so I stopped waiting for it.`,
      say`Try again, or ask for less. For whoever runs me: ${code(reference)} in the log.`,
    );
  }
  return refuse(
    'failure',
    say`Something went wrong on my side, and I have no answer.`,
    say`Try again. If it stays so, give ${code(reference)} to whoever runs me: my log says more under it.`,
  );
}

/** The same for whoever counts them. */
export function causeOf(error: unknown): FailureCause {
  if (rateLimitMs(error) !== undefined) return 'rate_limited';
  if (error instanceof TookTooLong) return error.code;
  return isOfSlack(error) ? 'slack' : 'failure';
}

/** Why a post to a channel was not taken, when the person can do something about it. */
export function postRefusal(error: unknown): Refusal | undefined {
  const slackCode = slackErrorCode(error) ?? '';
  if (['not_in_channel', 'channel_not_found'].includes(slackCode)) {
    return refuse(
      'not_in_channel',
      say`I am not in this channel, so I can’t post here.`,
      say`Invite me with ${code('/invite')}, then press again.`,
    );
  }
  if (['is_archived', 'restricted_action', 'restricted_action_read_only_channel'].includes(slackCode)) {
    return refuse(
      'may_not_post',
      say`Slack does not let me post in this channel.`,
      say`It is archived, or only some may post in it. Share the answer elsewhere.`,
    );
  }
  return undefined;
}
