import { type Page, PagePart } from '../../core/sidekiq/page.ts';
import type { PackedChunk } from '../../ports/archive.ts';
import { numberIn } from '../answers.ts';
import { ask } from '../ask.ts';
import { mustBeRead } from '../scripts.ts';
import type { Deed } from './deed.ts';
import { ParkedPages } from './parked-pages.ts';
import type { Call } from './scripts.ts';

/**
 * How a long queue loses many jobs without anybody waiting for it (performance.md, 4.1): the whole list is renamed, which
 * takes no time, to a queue that stands in `queues` like any other. Then, from its oldest end, page after page is read,
 * judged here, archived where jobs are to leave, and those that stay are given back in the very call that cuts the page
 * off. Workers go on with what is given back and meet no job that was not judged. Jobs that were pushed meanwhile stand
 * before some that are given back later; else the order stays.
 *
 * Killed at any instant, what is still parked is found in `queues` and given back first of all when the purge goes on. A
 * purge that must stop gives back everything; where it can't, the bot does it as soon as Redis lets it (flow/actions/give-back.ts).
 */
const SUFFIX = '~parked-by-poison-control';

/** So much is archived by one commit. */
const STEP_JOBS = 12_000;
const STEP_BYTES = 4 * 1024 * 1024;
/** So many pages are given back at once; between them Redis has its turn for others, and for reading on. */
const PAGES_AT_ONCE = 2;

export function isParked(queue: string): boolean {
  return queue.endsWith(SUFFIX);
}

/** Takes the chosen jobs out of a queue by parking it. */
export async function rebuildQueue(deed: Deed, queue: string): Promise<void> {
  const { keys, scripts } = deed;
  const parked = `${queue}${SUFFIX}`;
  const [size] = await scripts.run([
    ['park-4', ...deed.shortHead(keys.queue(queue), keys.queue(parked), keys.queues), parked],
  ]);
  await giveBack(deed, queue, numberIn(size) ?? 0);
}

/** Gives back what an earlier turn has left parked. */
export async function endParking(deed: Deed, parked: string): Promise<void> {
  const queue = parked.slice(0, -SUFFIX.length);
  const [reply] = await ask(deed.connection, [['LLEN', deed.keys.queue(parked)]]);
  mustBeRead(reply);
  const size = reply?.ok === true ? numberIn(reply.value) : undefined;
  if (size === undefined) return;
  if (size > 0) return giveBack(deed, queue, size);
  // Whoever gives back the last page takes the name away with it.
  deed.losses.add(
    `What was left of queue ${queue} while it was gone through is gone: Redis threw it away, or somebody deleted or worked it off.`,
  );
  await ask(deed.connection, [['SREM', deed.keys.queues, parked]]);
}

/** While one step is given back, the next one is packed and the one after it is read and judged. */
async function giveBack(deed: Deed, queue: string, size: number): Promise<void> {
  const parked = new ParkedPages(deed.connection, deed.keys.queue(`${queue}${SUFFIX}`), size);
  let reading = heard(readStep(deed, queue, parked));
  let packing: Promise<Step> | undefined;
  do {
    const pages = await reading;
    const isEnd = pages.length === 0;
    if (!isEnd) reading = heard(readStep(deed, queue, parked));
    const next = isEnd ? undefined : heard(pack(deed, queue, pages));
    if (packing !== undefined) {
      const step = await packing;
      await deliver(deed, queue, parked, deed.books.isStopping ? nothingLeaves(step) : step);
      await deed.breathe();
    }
    packing = next;
  } while (packing !== undefined);
}

/** Whoever fails before it is waited for leaves it behind, and it may then fail unheard. */
function heard<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** The oldest job first, as they are given back and archived; a page that was read has it last. */
type JudgedPage = { readonly leaving: PagePart; readonly staying: PagePart };

async function readStep(deed: Deed, queue: string, parked: ParkedPages): Promise<readonly JudgedPage[]> {
  const judged: JudgedPage[] = [];
  let [jobs, sizeBytes] = [0, 0];
  while (jobs < STEP_JOBS && sizeBytes < STEP_BYTES) {
    const pages = await parked.next();
    if (pages.length === 0) break;
    for (const page of pages) {
      judged.push(divide(page, deed.choose(page, { kind: 'queue', queue })));
      jobs += page.length;
      sizeBytes += page.bytes.length;
    }
  }
  return judged;
}

function divide(page: Page, chosen: readonly boolean[]): JudgedPage {
  const [leaving, staying]: [number[], number[]] = [[], []];
  for (let index = page.length - 1; index >= 0; index -= 1) (chosen[index] ? leaving : staying).push(index);
  return { leaving: new PagePart(page, leaving), staying: new PagePart(page, staying) };
}

/** All that can be done before its turn comes; the chunk is undefined where no job leaves. */
type Step = { readonly pages: readonly JudgedPage[]; readonly chunk: PackedChunk | undefined };

async function pack(deed: Deed, queue: string, pages: readonly JudgedPage[]): Promise<Step> {
  const leaving = pages.map((page) => page.leaving).filter(({ length }) => length > 0);
  const chunk =
    leaving.length === 0 ? undefined : await deed.books.packParts({ kind: 'queue', queue }, leaving);
  return { pages, chunk };
}

/** Somebody said Stop when it was already chosen. */
function nothingLeaves({ pages }: Step): Step {
  return { pages: pages.map(({ staying }) => divide(staying.page, [])), chunk: undefined };
}

async function deliver(
  deed: Deed,
  queue: string,
  parked: ParkedPages,
  { pages, chunk }: Step,
): Promise<void> {
  const { keys, books } = deed;
  const number = chunk === undefined ? 0 : await books.open(chunk);
  const name = `${queue}${SUFFIX}`;
  const head = deed.head(keys.queue(name), keys.queue(queue), keys.queues);
  let left = 0;
  for (let first = 0; first < pages.length; first += PAGES_AT_ONCE) {
    const calls = pages.slice(first, first + PAGES_AT_ONCE).map(({ leaving, staying }): Call => {
      const size = leaving.length + staying.length;
      const step = [number, left, leaving.length, parked.cut(size), size] as const;
      left += leaving.length;
      return ['give-back-5', ...head, ...step, name, queue, staying];
    });
    await deed.scripts.run(calls);
  }
  for (const { staying } of pages) staying.page.giveBack();
  if (chunk !== undefined) books.settle(new Array<boolean>(chunk.jobCount).fill(true));
}
