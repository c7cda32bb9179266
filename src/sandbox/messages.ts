import type { Clock } from './clock.ts';
import type { Feed } from './feed.ts';
import type { Fields } from './fields.ts';
import type { Block, Message } from './page/api.ts';
import type { Posted } from './posted.ts';

/** What a new message needs; the board gives it its `ts`. */
export type Draft = {
  readonly channel: string;
  readonly from: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly threadTs?: string | undefined;
  readonly onlyFor?: string | undefined;
  readonly kind?: Message['kind'];
  readonly metadata?: Fields | undefined;
};

export type Edit = {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: Fields | undefined;
};

/** Slackbot speaks for Slack itself. */
const SLACKBOT = 'USLACKBOT';
/** Slack cuts the text of a message here (section 8). */
const TEXT_CUT_AT = 40_000;
/** A demo may run for days; the oldest messages are forgotten. */
const KEPT_MESSAGES = 5_000;

export class MessageBoard {
  readonly #clock: Clock;
  readonly #feed: Feed;
  readonly #messages = new Map<string, Posted>();
  #lastMicros = 0;

  constructor(clock: Clock, feed: Feed) {
    this.#clock = clock;
    this.#feed = feed;
  }

  post(draft: Draft): Posted {
    const { blocks = [], threadTs, onlyFor, metadata, kind = 'message', text, ...rest } = draft;
    const message: Posted = {
      ...rest,
      text: cut(text),
      blocks,
      kind,
      ts: this.#nextTs(),
      isEdited: false,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(onlyFor === undefined ? {} : { onlyFor }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    this.#messages.set(keyOf(message), message);
    this.#forgetOldest();
    this.#feed.tell({ type: 'message', message });
    return message;
  }

  /** Slack's own words to one person, such as a command that failed. */
  sayAsSlack(channel: string, person: string, text: string, threadTs?: string): Posted {
    return this.post({ channel, from: SLACKBOT, text, threadTs, onlyFor: person, kind: 'error' });
  }

  edit(message: Posted, { text, blocks, metadata }: Edit): Posted {
    // Slack shows "edited" only on a message without blocks (reference, section 10).
    const isEdited = message.isEdited || blocks.length === 0;
    const edited = {
      ...message,
      text: cut(text),
      blocks,
      isEdited,
      ...(metadata === undefined ? {} : { metadata }),
    };
    this.#messages.set(keyOf(message), edited);
    this.#feed.tell({ type: 'message', message: edited });
    return edited;
  }

  remove(message: Posted): void {
    this.#messages.delete(keyOf(message));
    this.#feed.tell({ type: 'deleted', message });
  }

  find(channel: string, ts: string): Posted | undefined {
    return this.#messages.get(keyOf({ channel, ts }));
  }

  /** Oldest first. */
  all(): readonly Posted[] {
    return [...this.#messages.values()];
  }

  /** `ts` is a time and a name at once: never the same twice, always later than the one before. */
  #nextTs(): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Math.floor(this.#clock.nowMs()) * 1000);
    const micros = String(this.#lastMicros).padStart(7, '0');
    return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
  }

  #forgetOldest(): void {
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > KEPT_MESSAGES && oldest !== undefined) this.#messages.delete(oldest);
  }
}

function keyOf({ channel, ts }: { readonly channel: string; readonly ts: string }): string {
  return `${channel} ${ts}`;
}

function cut(text: string): string {
  return [...text].slice(0, TEXT_CUT_AT).join('');
}
