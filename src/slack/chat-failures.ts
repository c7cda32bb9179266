import { ChatFailed } from '../ports/chat.ts';
import { rateLimitMs, slackErrorCode } from './web-clients.ts';

/** What went wrong and what to do, for those whom the bot tells of a message that is missing. */
const SENTENCES: Readonly<Record<string, string>> = {
  not_in_channel: 'I am not in that channel. Invite me there with /invite.',
  channel_not_found:
    'I can’t find that channel: it is deleted, or private and I am not in it. Invite me with /invite.',
  is_archived: 'That channel is archived. Unarchive it, or name another in my settings.',
  restricted_action: 'Slack lets only some people post in that channel. Let me post there, or name another.',
  restricted_action_read_only_channel: 'That channel is read-only. Let me post there, or name another.',
  message_not_found: 'That message is gone: somebody deleted it. What it told of goes on without it.',
  thread_not_found: 'The message to answer to is gone: somebody deleted it.',
  cant_update_message: 'Slack no longer lets me edit that message. What it told of goes on without it.',
  edit_window_closed: 'That message is too old to be edited. What it told of goes on without it.',
  msg_too_long: 'That message is too long for Slack. Whoever runs me should hear of this.',
  missing_scope:
    'I lack the right to post. Install the app again, so that Slack grants the scopes of its manifest.',
  invalid_auth: 'Slack no longer takes my token. Give me a new one and restart me.',
  account_inactive: 'Slack no longer takes my token. Install the app again and restart me.',
  token_revoked: 'Slack no longer takes my token. Install the app again and restart me.',
};

/** Slack was not there, or did not answer. Its own words for this differ with the way in which it happened. */
const UNREACHABLE = 'Slack could not be reached. Look at status.slack.com and at the network of this bot.';
const UNCERTAIN =
  'Slack did not say whether it took the message. Look whether it is there before you send it again.';

/** `mayRepeat`: the call has surely had no effect, or having it twice is the same as once. */
export function chatFailed(error: unknown, { mayRepeat }: { readonly mayRepeat: boolean }): ChatFailed {
  const waitMs = rateLimitMs(error);
  if (waitMs !== undefined) return rateLimited(waitMs, error);
  const code = slackErrorCode(error);
  if (!mayRepeat && (code === undefined || HALF_DONE.includes(code)))
    return new ChatFailed('outcome_unknown', UNCERTAIN, error);
  if (code === undefined) return new ChatFailed('unreachable', UNREACHABLE, error);
  const sentence =
    SENTENCES[code] ?? `Slack did not take the message (${code}). Whoever runs me should hear of this.`;
  return new ChatFailed(code, sentence, error);
}

export function rateLimited(waitMs: number, cause: unknown): ChatFailed {
  const seconds = Math.ceil(waitMs / 1000);
  return new ChatFailed('rate_limited', `Slack takes nothing more there for the next ${seconds} s.`, cause);
}

/** The bot ends before Slack lets it say this. */
export function stopped(what: 'post' | 'show'): ChatFailed {
  return new ChatFailed('stopped', `I was stopped before I could ${what} this.`, undefined);
}

/** Trouble of Slack's own, which may be over at the next try: no answer, or one that says so. */
export function mayPass(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code === undefined || PASSING.includes(code);
}

/** Slack broke off: "some aspect of the operation" may have succeeded, as it says itself. */
const HALF_DONE = ['internal_error', 'fatal_error', 'service_unavailable'];
/** With a request that came cut off, of which nothing was done. */
const PASSING = [...HALF_DONE, 'request_timeout'];
