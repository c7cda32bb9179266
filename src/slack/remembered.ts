import { randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { Reply } from '../core/reply/reply.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Memos } from '../ports/memory.ts';
import { within } from '../ports/within.ts';

export type Remembered = { readonly reply: Reply; readonly answeredAtMs: number };

/** Whoever shares an answer has just read it. */
const KEPT_MS = 3_600_000;
/** Longer than anybody leaves a Share button before them. */
const SHARED_MS = 24 * 3_600_000;
/** Longer than asking again (a minute) and a post for which Slack is waited for (50 s) may take together. */
const POSTING_MS = 120_000;
/** Somebody waits: a store that hangs is as one that is down. */
const STORE_WITHIN_MS = 3000;
const [ANSWER, SHARING, SHARED] = ['answer/', 'sharing/', 'shared/'];
/** What this bot itself holds, for a store that is slow or down; an answer holds a few kilobytes. */
const HELD_MAX = 300;

const kept = z.object({
  answeredAtMs: z.number(),
  // Our own words, written by `keep`; another version's are drawn as far as this one can.
  reply: z.custom<Reply>(
    (reply) => z.looseObject({ type: z.enum(['answer', 'refusal']) }).safeParse(reply).success,
  ),
});

/**
 * The answers that may still be shared as they were seen, at whichever bot Share is pressed, and which were. A store that is
 * down takes nothing from whoever asks: each bot then knows of its own.
 */
export class RememberedAnswers {
  readonly #memos: Memos;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #answers = new Map<string, Remembered>();
  readonly #shared = new Map<string, true>();

  constructor(memos: Memos, clock: Clock, log: Log) {
    this.#memos = memos;
    this.#clock = clock;
    this.#log = log;
  }

  /** Nobody waits for the store. */
  keep(reply: Reply): string {
    const id = randomBytes(9).toString('base64url');
    const answeredAtMs = this.#clock.nowMs();
    if (!reply.buttons.some(({ type }) => type === 'share')) return id;
    hold(this.#answers, id, { reply, answeredAtMs });
    void this.#write(ANSWER, id, KEPT_MS, freezeAnswer({ reply, answeredAtMs }));
    return id;
  }

  async find(id: string): Promise<Remembered | undefined> {
    const held = this.#answers.get(id);
    if (held !== undefined) return held;
    const body = await this.#trying(() => this.#memos.memo(ANSWER + id, this.#clock.nowMs()));
    return body === undefined ? undefined : thawAnswer(body);
  }

  /** True for the one press that may post it: then say what came of it. A bot that dies over it holds it up for two minutes. */
  async claim(id: string): Promise<boolean> {
    if (this.#shared.has(id)) return false;
    hold(this.#shared, id, true);
    const isShared = await this.#trying(() => this.#memos.memo(SHARED + id, this.#clock.nowMs()));
    const isMine = isShared === undefined && (await this.#write(SHARING, id, POSTING_MS)) !== false;
    // Whoever has it may die over it, so the next press asks the store again.
    if (!isMine) this.#shared.delete(id);
    return isMine;
  }

  async posted(id: string): Promise<void> {
    await this.#write(SHARED, id, SHARED_MS);
  }

  async notPosted(id: string): Promise<void> {
    this.#shared.delete(id);
    await this.#trying(() => this.#memos.removeMemo(SHARING + id));
  }

  #write(kind: string, id: string, forMs: number, body = ''): Promise<boolean | undefined> {
    const untilMs = this.#clock.nowMs() + forMs;
    return this.#trying(() => this.#memos.addMemo({ id: kind + id, untilMs, body }));
  }

  /** Undefined also where the store fails, or does not answer in time; what it was asked to write may then still be written. */
  async #trying<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await within(
        this.#clock,
        STORE_WITHIN_MS,
        work(),
        () => new Error('the store did not answer in time'),
      );
    } catch (error) {
      this.#log.warn({ err: error }, 'other bots can’t know what is shared here');
      return undefined;
    }
  }
}

function hold<T>(held: Map<string, T>, id: string, value: T): void {
  held.set(id, value);
  const [oldest] = held.keys();
  if (held.size > HELD_MAX && oldest !== undefined) held.delete(oldest);
}

/** As text that keeps what JSON can't say, such as an unknown time. What only programs read is not drawn, and left out. */
export function freezeAnswer({ reply, answeredAtMs }: Remembered): string {
  const drawn = reply.type === 'answer' ? { ...reply, data: null } : reply;
  return serialize({ reply: drawn, answeredAtMs }).toString('base64');
}

/** Undefined for what another version wrote that can't be read here; then it is asked for again. */
export function thawAnswer(body: string): Remembered | undefined {
  try {
    return kept.safeParse(deserialize(Buffer.from(body, 'base64'))).data;
  } catch {
    return undefined;
  }
}
