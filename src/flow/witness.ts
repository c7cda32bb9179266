import { type AuditHead, formatHead } from '../core/audit/record.ts';
import type { Answer } from '../core/reply/reply.ts';
import { code, say } from '../core/reply/text.ts';
import { type Chat, ChatFailed } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import { holdLease } from './lease.ts';

const NOTE = 'audit-head';

/**
 * Tells the head of the audit log to a channel whenever it has moved: somebody who rewrites the store can't rewrite what
 * people have seen. One bot at a time does so.
 */
export class Witness {
  readonly #store: Store;
  readonly #chat: Chat;
  readonly #channel: string;
  readonly #holder: string;
  readonly #world: { readonly clock: Clock; readonly log: Log };

  constructor(
    store: Store,
    chat: Chat,
    channel: string,
    holder: string,
    world: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#store = store;
    this.#chat = chat;
    this.#channel = channel;
    this.#holder = holder;
    this.#world = world;
  }

  /** @throws {StoreError} */
  async publish(): Promise<void> {
    await using lease = await holdLease(NOTE, this.#holder, this.#store, this.#world);
    if (lease === undefined) return;
    const [head, note] = [await this.#store.auditHead(), await this.#store.announcement(NOTE)];
    if (head.count === 0 || note?.state === formatHead(head)) return;
    try {
      const message = await this.#chat.post(this.#channel, headAnswer(head));
      const version = (note?.version ?? 0) + 1;
      await this.#store.saveAnnouncement({ id: NOTE, version, state: formatHead(head), message });
    } catch (error) {
      if (!(error instanceof ChatFailed)) throw error;
      this.#world.log.warn(
        { err: error, channel: this.#channel },
        'the head of the audit log has no second witness yet',
      );
    }
  }
}

function headAnswer(head: AuditHead): Answer {
  const text = formatHead(head);
  return {
    type: 'answer',
    tone: 'neutral',
    headline: say`The audit log has ${head.count} records. Its head is ${code(text)}`,
    parts: [
      {
        type: 'note',
        text: say`Check the store against it: ${code(`npm run -s audit:verify -- --expect ${text}`)}`,
      },
    ],
    buttons: [],
    data: head,
  };
}
