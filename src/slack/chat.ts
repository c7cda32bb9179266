import { webApi } from '@slack/bolt';
import type { Answer } from '../core/reply/reply.ts';
import { type Chat, type MessageRef, POST_WITHIN_MS } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import { chatFailed, rateLimited, stopped } from './chat-failures.ts';
import { Edits } from './edits.ts';
import { Pauses } from './pauses.ts';
import { type Message, renderReply } from './render/reply.ts';
import { asBlocks, withLess } from './speech.ts';
import { CALL_TIMEOUT_MS, type WebClients } from './web-clients.ts';

/** Lasting messages. The second part of their life, being shown in their newest state, is told in edits.ts. */
export type OpenChat = Chat & {
  /** Shows what waits to be shown, as far as it can within that time; takes no more after it. */
  drain(withinMs: number): Promise<void>;
};

/** A post is made at most this often: as long as Slack only asks to wait, or could not be reached at all. */
const POST_TRIES = 4;
const RECONNECT_AFTER_MS = 1000;

/** Once `hurry` aborts, what Slack asks to hold back fails as `stopped` instead of being waited for. */
export function openChat(
  { posts }: Pick<WebClients, 'posts'>,
  clock: Clock,
  log: Log,
  hurry = new AbortController().signal,
): OpenChat {
  const ended = new AbortController();
  const pauses = new Pauses(clock, AbortSignal.any([hurry, ended.signal]));
  const edits = new Edits(clock, pauses, ended.signal, async ({ channel, id }, content) => {
    await withLess(draftOf(content), ({ text, blocks }) =>
      posts.chat.update({ channel, ts: id, text, blocks: asBlocks(blocks) }),
    );
  });

  const post = async (
    channel: string,
    message: Answer,
    thread: MessageRef | undefined,
  ): Promise<MessageRef> => {
    let posted: MessageRef | undefined;
    await withLess(draftOf(message), async ({ text, blocks }) => {
      const answer = await posts.chat.postMessage({
        channel,
        text,
        blocks: asBlocks(blocks),
        unfurl_links: false,
        unfurl_media: false,
        ...(thread === undefined ? {} : { thread_ts: thread.id }),
      });
      // An edit needs the id that Slack gives, which for a person's is that of the conversation with them.
      posted = { channel: answer.channel ?? channel, id: answer.ts ?? '' };
    });
    if (posted === undefined) throw new Error('a message was posted without being sent');
    return posted;
  };

  return {
    post: async (channel, message, thread) => {
      const lastTryAtMs = clock.steadyMs() + POST_WITHIN_MS - CALL_TIMEOUT_MS;
      for (let nth = 1; ; nth += 1) {
        const mayWrite = await pauses.over(channel, lastTryAtMs);
        if (ended.signal.aborted || (!mayWrite && hurry.aborted)) throw stopped('post');
        if (!mayWrite) throw rateLimited(pauses.leftMs(channel), undefined);
        try {
          return await post(channel, message, thread);
        } catch (error) {
          const askedMs = pauses.note(channel, error);
          const pauseMs = askedMs ?? (isUnsent(error) ? RECONNECT_AFTER_MS : undefined);
          if (pauseMs === undefined || clock.steadyMs() + pauseMs > lastTryAtMs || nth === POST_TRIES) {
            throw chatFailed(error, { mayRepeat: isUnsent(error) });
          }
          log.warn({ err: error, channel, pauseMs }, 'a post was not taken; trying again');
          if (askedMs === undefined) await clock.wait(pauseMs, ended.signal);
        }
      }
    },
    update: (message, content) => edits.show(message, content),
    drain: async (withinMs) => {
      const left = await edits.drain(withinMs);
      ended.abort();
      if (left > 0) log.warn({ left }, 'stopped before every message showed its newest state');
    },
  };
}

function draftOf(content: Answer): (drawing: { readonly hasCharts: boolean }) => Message {
  return (drawing) => renderReply(content, drawing);
}

/** Slack knows no idempotency key, so a post is sent again only when the first has surely not arrived. */
function isUnsent(error: unknown): boolean {
  return error instanceof webApi.WebAPIRequestError && NEVER_CONNECTED.includes(codeOf(error));
}

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** The system's word lies some causes deep: the client wraps what `fetch` wraps. */
function codeOf(error: Error): string {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if ('code' in cause && typeof cause.code === 'string' && NEVER_CONNECTED.includes(cause.code))
      return cause.code;
  }
  return '';
}
