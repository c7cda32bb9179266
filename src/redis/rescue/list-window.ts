import { createHash } from 'node:crypto';
import { numberIn } from '../answers.ts';
import { ask } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { FIRST_PAGE, nextPage } from '../step-size.ts';

/** The old end of a private list, read while nobody changed it; undefined when somebody did, or it is no list any more. */
export type ListWindow = {
  readonly length: number;
  readonly newest: Buffer;
  readonly oldest: Buffer;
  /** The oldest first, behind those that were passed over. */
  readonly jobs: readonly Buffer[];
};

const PAGES = 4;

/** Reads a list of one dead owner from its old end, in pages that grow with what its jobs allow. */
export class WindowReader {
  readonly #connection: Connection;
  readonly #key: string;
  #count = FIRST_PAGE;

  constructor(connection: Connection, key: string) {
    this.#connection = connection;
    this.#key = key;
  }

  /** Passes over the `from` oldest. @throws {RedisUnavailable} */
  async read(from: number): Promise<ListWindow | 'changed' | 'gone'> {
    const key = this.#key;
    const pages = Array.from({ length: PAGES }, (_, page) => from + page * this.#count);
    const replies = await ask(this.#connection, [
      ['LLEN', key],
      ['LINDEX', key, 0],
      ['LINDEX', key, -1],
      ...pages.map((first) => ['LRANGE', key, -first - this.#count, -first - 1] as const),
      ['LLEN', key],
    ]);
    const [before, newest, oldest] = replies.slice(0, 3).map((reply) => (reply.ok ? reply.value : undefined));
    const last = replies.at(-1);
    const length = numberIn(before);
    if (length === undefined || length === 0 || !Buffer.isBuffer(newest) || !Buffer.isBuffer(oldest))
      return 'gone';
    if (numberIn(last?.ok ? last.value : undefined) !== length) return 'changed';
    const jobs: Buffer[] = [];
    for (const reply of replies.slice(3, -1)) {
      const page: Buffer[] = reply.ok && Array.isArray(reply.value) ? reply.value : [];
      const sizeBytes = page.reduce((sum, job) => sum + job.length, 0);
      if (page.length > 0) this.#count = nextPage(this.#count, page.length, sizeBytes);
      jobs.push(...page.toReversed());
    }
    return { length, newest, oldest, jobs };
  }
}

/** How a list is marked now, without reading what lies between its ends; undefined when it changes or is none. */
export async function readMark(connection: Connection, key: string): Promise<string | undefined> {
  const replies = await ask(connection, [
    ['LLEN', key],
    ['LINDEX', key, 0],
    ['LINDEX', key, -1],
    ['LLEN', key],
  ]);
  const [before, newest, oldest, after] = replies.map((reply) => (reply.ok ? reply.value : undefined));
  const length = numberIn(before);
  if (length === undefined || length !== numberIn(after)) return undefined;
  return Buffer.isBuffer(newest) && Buffer.isBuffer(oldest) ? markOf(length, newest, oldest) : undefined;
}

/** As the scripts mark a list. */
export function markOf(length: number, newest: Buffer, oldest: Buffer): string {
  return `${length}:${sha1(newest)}:${sha1(oldest)}`;
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
