import type { Answer } from '../core/reply/reply.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { Clock } from '../ports/host.ts';
import { chatFailed, mayPass, stopped } from './chat-failures.ts';
import type { Pauses } from './pauses.ts';

/**
 * Each message shows its newest state, and never goes back: its edits are sent one after another, one that waits is
 * replaced by a newer one, and whoever asked for either hears when the newer one is shown.
 */

/** chat.update takes about 50 a minute in all; a person reads no faster than this. */
const EVERY_MS = 2000;
/** An edit may be sent again, since doing it twice is the same as once. */
const TRIES = 5;

type Edit = { content: Answer; tries: number; readonly shown: PromiseWithResolvers<void> };

/** What one message still has to show. It exists for as long as something is sent, or was a moment ago. */
type Line = { waiting: Edit | undefined; end: Promise<void> };

export class Edits {
  readonly #clock: Clock;
  readonly #pauses: Pauses;
  readonly #ended: AbortSignal;
  readonly #send: (message: MessageRef, content: Answer) => Promise<void>;
  readonly #lines = new Map<string, Line>();
  readonly #hurry = new AbortController();

  constructor(
    clock: Clock,
    pauses: Pauses,
    ended: AbortSignal,
    send: (message: MessageRef, content: Answer) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#pauses = pauses;
    this.#ended = ended;
    this.#send = send;
  }

  /** Resolves when this or something newer is shown. @throws {ChatFailed} */
  show(message: MessageRef, content: Answer): Promise<void> {
    const key = `${message.channel} ${message.id}`;
    const line = this.#lines.get(key);
    if (line?.waiting !== undefined) {
      line.waiting.content = content;
      return line.waiting.shown.promise;
    }
    const edit: Edit = { content, tries: 0, shown: Promise.withResolvers() };
    if (line !== undefined) line.waiting = edit;
    else {
      const opened: Line = { waiting: edit, end: Promise.resolve() };
      this.#lines.set(key, opened);
      opened.end = this.#work(message, opened).finally(() => this.#lines.delete(key));
    }
    return edit.shown.promise;
  }

  /** Sends what waits without the usual distance. Resolves when all is shown, or after that time with how much is not. */
  async drain(withinMs: number): Promise<number> {
    this.#hurry.abort();
    const deadline = new AbortController();
    await Promise.race([this.#allShown(), this.#clock.wait(withinMs, deadline.signal)]);
    deadline.abort();
    return this.#lines.size;
  }

  async #allShown(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all([...this.#lines.values()].map(({ end }) => end));
  }

  async #work(message: MessageRef, line: Line): Promise<void> {
    while (line.waiting !== undefined) {
      const mayWrite = await this.#pauses.over(message.channel);
      const edit = line.waiting;
      line.waiting = undefined;
      if (!mayWrite || this.#ended.aborted) edit.shown.reject(stopped('show'));
      else await this.#try(message, edit, line);
      await this.#clock.wait(EVERY_MS, this.#hurry.signal);
    }
  }

  async #try(message: MessageRef, edit: Edit, line: Line): Promise<void> {
    try {
      await this.#send(message, edit.content);
      edit.shown.resolve();
    } catch (error) {
      edit.tries += 1;
      const isPassing = this.#pauses.note(message.channel, error) !== undefined || mayPass(error);
      if (!isPassing || edit.tries === TRIES) edit.shown.reject(chatFailed(error, { mayRepeat: true }));
      else if (line.waiting === undefined) line.waiting = edit;
      else line.waiting.shown.promise.then(edit.shown.resolve, edit.shown.reject);
    }
  }
}
