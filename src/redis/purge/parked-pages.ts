import type { Page } from '../../core/sidekiq/page.ts';
import { numberIn } from '../answers.ts';
import { askPages } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { pageIn } from '../pages.ts';
import { OutOfStep } from '../scripts.ts';
import { FIRST_PAGE, nextPage } from '../step-size.ts';

/** So many are asked for at once. With more, a queue whose jobs suddenly are large would fill Redis's memory and ours. */
const PAGES_AT_ONCE = 2;

/**
 * Reads parked jobs from their oldest end, while those that were read before are cut off. In each page the oldest job is the
 * last. The length before and after proves that the pages stand where they were looked for.
 */
export class ParkedPages {
  readonly #connection: Connection;
  readonly #key: string;
  /** How many are parked when everything is done that was sent so far, and how many of these were asked for. */
  #length: number;
  #asked = 0;
  #count = FIRST_PAGE;
  #ahead: Promise<readonly Page[]> | undefined;

  constructor(connection: Connection, key: string, length: number) {
    this.#connection = connection;
    this.#key = key;
    this.#length = length;
  }

  /** The next few pages, while Redis already reads those after them; none at the end. @throws {OutOfStep} */
  async next(): Promise<readonly Page[]> {
    const pages = await (this.#ahead ?? this.#ask());
    const last = pages.at(-1);
    if (last === undefined) return [];
    this.#count = nextPage(this.#count, last.length, last.bytes.length);
    this.#ahead = this.#ask();
    // Whoever stops early leaves pages behind, which may then fail unheard.
    this.#ahead.catch(() => {});
    return pages;
  }

  /** What is sent now cuts so many off; gives how many are parked until then. */
  cut(jobs: number): number {
    const length = this.#length;
    this.#length -= jobs;
    this.#asked -= jobs;
    return length;
  }

  async #ask(): Promise<readonly Page[]> {
    const [key, count, length, first] = [this.#key, this.#count, this.#length, this.#asked];
    const size = Math.min(PAGES_AT_ONCE * count, length - first);
    if (size === 0) return [];
    this.#asked += size;
    const pages = Array.from({ length: Math.ceil(size / count) }, (_, page) => {
      const from = first + page * count;
      return ['LRANGE', key, -Math.min(from + count, length), -from - 1] as const;
    });
    const replies = await askPages(this.#connection, [['LLEN', key], ...pages, ['LLEN', key]]);
    const lengths = [replies.shift(), replies.pop()].map((reply) =>
      numberIn(reply?.ok ? reply.value : undefined),
    );
    if (lengths.some((seen) => seen !== length)) throw new OutOfStep('somebody takes parked jobs');
    return replies.map(pageIn);
  }
}
