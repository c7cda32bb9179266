import { Page } from '../core/sidekiq/page.ts';
import { buffersIn, numberIn } from './answers.ts';
import { askPages, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

/**
 * Reads all of a list or set while others change it. Redis is never held up: a page is bounded in bytes, because a
 * reply of a megabyte takes a third of a millisecond and one of ten takes twenty (performance.md, 1.4).
 */
export type PageSource = {
  readonly size: Command;
  readonly page: (from: number, count: number) => Command;
  /** The page without what the previous one already had; asked only when the size has changed in between. */
  readonly withoutRepeats: (page: Page, previous: Page) => Page;
};

/** Small, since nothing is known yet of how large its jobs are: two pages of 5 MB jobs must not hurt either. */
const FIRST_PAGE = 2;
const MAX_GROWTH = 8;
const PAGE_BYTES = 1024 * 1024;
const PAGE_JOBS = 1000;
/** Deep pages cost a walk to their place, so in long lists fewer and larger ones are better (performance.md, 3). */
const LONG_LIST = 100_000;
const LONG_LIST_PAGE_JOBS = 3000;
/** While one page is worked through the next is on its way; more than two give nothing (performance.md, 3). */
const PAGES_IN_FLIGHT = 2;
/** So many pages of one reading wait for no budget, only put themselves on the account: few jobs are told whole by a slow Redis too. */
const UNRATIONED_PAGES = 8;

/** A list from its left end: pushes only show elements again, pops only take what is being run (reference: 9). */
export function listSource(key: string): PageSource {
  return {
    size: ['LLEN', key],
    page: (from, count) => ['LRANGE', key, from, from + count - 1],
    withoutRepeats: (page, previous) => page.only(indexesOf(page).slice(overlap(page, previous))),
  };
}

/** A sorted set from its high end: the poller takes members from the low one. Members are unique. */
export function setSource(key: string): PageSource {
  return {
    size: ['ZCARD', key],
    page: (from, count) => ['ZRANGE', key, -from - count, -from - 1],
    withoutRepeats: (page, previous) => {
      const seen = new Set(indexesOf(previous).map((index) => textOf(previous, index)));
      return page.only(indexesOf(page).filter((index) => !seen.has(textOf(page, index))));
    },
  };
}

/** To be asked before each page of one reading: rests as the budget says; false when its time is over before. */
export function pagesWithin(connection: Connection, leftMs: () => number): () => Promise<boolean> {
  let pages = 0;
  return async () => {
    pages += 1;
    return pages > UNRATIONED_PAGES ? connection.rest(leftMs()) : leftMs() > 0;
  };
}

/**
 * A page may be looked at until the next one is asked for, and then its memory is used again: whoever keeps a payload copies
 * it. `heard`: each page as Redis answered it, for who must know whether it did.
 */
export async function* readPages(
  connection: Connection,
  source: PageSource,
  heard: (reply: Reply | undefined) => void = () => {},
): AsyncGenerator<Page, void, void> {
  const inFlight: Promise<Answer>[] = [];
  let next = 0;
  let count = FIRST_PAGE;
  let previous: Answer | undefined;
  for (;;) {
    while (inFlight.length < PAGES_IN_FLIGHT) {
      const page = askPage(connection, source, next, count, heard);
      // Whoever stops early leaves a page behind, which may then fail unheard.
      page.catch(() => {});
      inFlight.push(page);
      next += count;
    }
    const answer = await inFlight.shift();
    if (answer === undefined || answer.page.length === 0) return;
    const isMoving = previous !== undefined && previous.sizeBefore !== answer.sizeAfter;
    yield isMoving && previous !== undefined
      ? source.withoutRepeats(answer.page, previous.page)
      : answer.page;
    previous?.page.giveBack();
    if (answer.page.length < answer.count) return;
    previous = answer;
    count = nextCount(answer);
  }
}

/** An array of strings, however it came; empty for anything else. */
export function pageIn(reply: Reply | undefined): Page {
  const value = reply?.ok ? reply.value : undefined;
  return value instanceof Page ? value : Page.of(buffersIn(value));
}

/** With the size before and after, for in between others may have their turn even inside of one pipeline. */
type Answer = {
  readonly page: Page;
  readonly count: number;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
};

async function askPage(
  connection: Connection,
  source: PageSource,
  from: number,
  count: number,
  heard: (reply: Reply | undefined) => void,
): Promise<Answer> {
  const [before, page, after] = await askPages(connection, [
    source.size,
    source.page(from, count),
    source.size,
  ]);
  heard(page);
  return {
    page: pageIn(page),
    count,
    sizeBefore: numberIn(before?.ok ? before.value : undefined) ?? 0,
    sizeAfter: numberIn(after?.ok ? after.value : undefined) ?? 0,
  };
}

function nextCount({ page, count, sizeAfter }: Answer): number {
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, page.bytes.length / Math.max(1, page.length)));
  const most = sizeAfter > LONG_LIST ? LONG_LIST_PAGE_JOBS : PAGE_JOBS;
  return Math.max(1, Math.min(most, fitting, count * MAX_GROWTH));
}

/** How many elements at the page's beginning are the previous page's end: pushes have moved them on. */
function overlap(page: Page, previous: Page): number {
  const last = previous.length - 1;
  for (let at = 0; at < Math.min(page.length, previous.length); at += 1) {
    let back = 0;
    while (back <= at && page.isSame(at - back, previous, last - back)) back += 1;
    if (back > at) return at + 1;
  }
  return 0;
}

function indexesOf({ length }: Page): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** One character for each byte. */
function textOf(page: Page, index: number): string {
  return page.bytes.toString('latin1', page.start(index), page.end(index));
}
