import type { Page } from '../../core/sidekiq/page.ts';
import { numberIn } from '../answers.ts';
import { askPages } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { pageIn } from '../pages.ts';
import { OutOfStep, refusalOf } from '../scripts.ts';
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
    if (pages.length === 0) return [];
    const sum = (of: (page: Page) => number) => pages.reduce((total, page) => total + of(page), 0);
    const [jobs, sizeBytes] = [sum(({ length }) => length), sum(({ bytes }) => bytes.length)];
    this.#count = nextPage(this.#count, jobs, sizeBytes);
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
    const ranges = Array.from({ length: Math.ceil(size / count) }, (_, nth) => {
      const from = first + nth * count;
      return { from, to: Math.min(from + count, length) };
    });
    const [before, ...replies] = await askPages(this.#connection, [
      ['LLEN', key],
      ...ranges.map(({ from, to }) => ['LRANGE', key, -to, -from - 1] as const),
      ['LLEN', key],
    ]);
    const after = replies.pop();
    const pages = replies.map((reply) => {
      if (!reply.ok) throw refusalOf(reply.refusal);
      return pageIn(reply);
    });
    const lengths = [before, after].map((reply) => numberIn(reply?.ok ? reply.value : undefined));
    if (lengths.some((seen) => seen !== length)) throw new OutOfStep('somebody takes parked jobs');
    // What is cut off is cut by its number: a page that is shorter than it says would take others with it.
    if (ranges.some(({ from, to }, nth) => pages[nth]?.length !== to - from))
      throw new OutOfStep('parked jobs are missing');
    return pages;
  }
}
