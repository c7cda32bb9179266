import { randomBytes } from 'node:crypto';
import type { Reply } from '../core/reply/reply.ts';

export type Remembered = {
  readonly reply: Reply;
  readonly answeredAtMs: number;
  /** Set before it is posted, so that a second press finds it done. */
  isShared: boolean;
};

/** Some hours of busy asking; an answer holds a few kilobytes. */
const KEPT_MAX = 300;

/** The answers that may still be shared as they were seen. A restart forgets them; sharing then asks again. */
export class RememberedAnswers {
  readonly #answers = new Map<string, Remembered>();

  keep(reply: Reply, answeredAtMs: number): string {
    const id = randomBytes(9).toString('base64url');
    this.#answers.set(id, { reply, answeredAtMs, isShared: false });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT_MAX && oldest !== undefined) this.#answers.delete(oldest);
    return id;
  }

  find(id: string): Remembered | undefined {
    return this.#answers.get(id);
  }
}
