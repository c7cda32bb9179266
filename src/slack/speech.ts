import type { types } from '@slack/bolt';
import type { Clock, Log } from '../ports/host.ts';
import type { Drawn } from './limits.ts';
import type { Message } from './render/reply.ts';
import { CALL_TIMEOUT_MS, type Patience, patiently, slackErrorCode, type WebClients } from './web-clients.ts';

/** To whom, where, and by which address: a response_url takes five answers within 30 minutes. */
export type Addressee = {
  readonly userId: string;
  readonly channelId: string | undefined;
  readonly responseUrl: string | undefined;
};

/** A message that can be drawn again with less in it, when Slack does not take all of it. */
export type Draft = (drawing: { readonly hasCharts: boolean }) => Message;

/** Whoever asked hears late rather than never. */
const LAST_WAY: Patience = { waitMs: 60_000, tries: 10 };

/** Slack's words for blocks that it does not take; newer ones are not taken everywhere. */
const BLOCK_ERRORS = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'only_one_table_allowed',
];

const TRIGGER_ERRORS = [
  'expired_trigger_id',
  'exchanged_trigger_id',
  'invalid_trigger_id',
  'trigger_expired',
];

/** The answer of a response_url that is not "ok". */
class ResponseUrlError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the response_url answered ${code}`);
    this.name = 'ResponseUrlError';
    this.code = code;
  }
}

/** Says things in Slack: to one person, or to a channel. */
export class Speech {
  readonly #clients: WebClients;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(clients: WebClients, clock: Clock, log: Log) {
    this.#clients = clients;
    this.#clock = clock;
    this.#log = log;
  }

  /** To that person alone; with `replace` in place of the message that was pressed. @throws when there is no way left */
  async tell(to: Addressee, draft: Draft, { replace = false } = {}): Promise<void> {
    const { responseUrl, channelId, userId } = to;
    if (responseUrl !== undefined) {
      try {
        await withLess(draft, (message) => respond(responseUrl, message, replace));
        return;
      } catch (error) {
        if (channelId === undefined) throw error;
        this.#log.warn({ err: error }, 'a response_url did not work; answering as an ephemeral message');
      }
    }
    // What was pressed on Home is answered in the conversation with the bot, whose address is the person.
    if (channelId === undefined) return this.post(userId, draft);
    await withLess(draft, ({ text, blocks }) =>
      patiently(
        this.#clock,
        () =>
          this.#clients.replies.chat.postEphemeral({
            channel: channelId,
            user: userId,
            text,
            blocks: asBlocks(blocks),
          }),
        LAST_WAY,
      ),
    );
  }

  /** Opens a window. False when it came too late: a trigger lives for three seconds and opens one. */
  async open(triggerId: string, view: types.ModalView): Promise<boolean> {
    try {
      await this.#clients.posts.views.open({ trigger_id: triggerId, view });
      return true;
    } catch (error) {
      if (TRIGGER_ERRORS.includes(slackErrorCode(error) ?? '')) return false;
      throw error;
    }
  }

  /** To everybody in the channel. @throws {webApi.WebAPIPlatformError} */
  async post(channelId: string, draft: Draft): Promise<void> {
    await withLess(draft, ({ text, blocks }) =>
      patiently(this.#clock, () =>
        this.#clients.posts.chat.postMessage({
          channel: channelId,
          text,
          blocks: asBlocks(blocks),
          unfurl_links: false,
          unfurl_media: false,
        }),
      ),
    );
  }
}

/** All of it; where Slack takes no charts, words for them; at last the words alone, so that nobody is left without. */
export async function withLess(draft: Draft, send: (message: Message) => Promise<unknown>): Promise<void> {
  const full = draft({ hasCharts: true });
  const drafts = [
    full,
    ...(full.blocks.some(({ type }) => type === 'data_visualization') ? [draft({ hasCharts: false })] : []),
    { text: full.text, blocks: [] },
  ];
  for (const [nth, message] of drafts.entries()) {
    try {
      await send(message);
      return;
    } catch (error) {
      const isLast = nth === drafts.length - 1;
      if (isLast || !BLOCK_ERRORS.includes(codeOf(error) ?? '')) throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof ResponseUrlError ? error.code : slackErrorCode(error);
}

/** Bolt's own `respond` tells the status of a failure but not its code. */
async function respond(responseUrl: string, { text, blocks }: Message, replace: boolean): Promise<void> {
  const answer = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      response_type: 'ephemeral',
      replace_original: replace,
      text,
      ...(blocks.length === 0 ? {} : { blocks }),
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const body = await answer.text();
  const code = refusalIn(body);
  if (!answer.ok || code !== undefined) throw new ResponseUrlError(code ?? `status ${answer.status}`);
}

/** `{"ok":false,"error":"used_url"}`, or the bare word; "ok" and an empty body are consent. */
function refusalIn(body: string): string | undefined {
  const json = /^\s*\{/.test(body) ? /"error"\s*:\s*"(\w{1,60})"/.exec(body)?.[1] : undefined;
  if (json !== undefined) return json;
  return BLOCK_ERRORS.find((known) => body.trim() === known);
}

/** Charts are not among the KnownBlocks yet. */
export function asBlocks(blocks: readonly Drawn[]): types.AnyBlock[] {
  return [...blocks];
}
