import type { JobBytes, PackedChunk } from '../../ports/archive.ts';
import { numberIn } from '../answers.ts';
import { ask } from '../ask.ts';
import { OutOfStep } from '../scripts.ts';
import { FIRST_PAGE, nextPage } from '../step-size.ts';
import type { Deed } from './deed.ts';
import type { Call } from './scripts.ts';

/**
 * How a long queue loses many jobs without anybody waiting for it (performance.md, 4.1): the whole list is renamed, which
 * takes no time, to a queue that stands in `queues` like any other. Then, from its oldest end, page after page is read,
 * judged here, archived where jobs are to leave, and those that stay are given back in the very call that cuts the page
 * off. Workers go on with what is given back and meet no job that was not judged. Jobs that were pushed meanwhile stand
 * before some that are given back later; else the order stays.
 *
 * Killed at any instant, what is still parked is found in `queues` and given back first of all when the purge goes on. A
 * purge that must stop gives back everything.
 */
const SUFFIX = '~parked-by-poison-control';

/** So many pages are archived by one commit. */
const STEP_PAGES = 24;

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
  const size = reply?.ok === true ? numberIn(reply.value) : undefined;
  if (size === undefined) return;
  if (size > 0) return giveBack(deed, queue, size);
  // Whoever gives back the last page takes the name away with it.
  deed.losses.add(
    `What was left of queue ${queue} while it was gone through is gone: Redis threw it away, or somebody deleted or worked it off.`,
  );
  await ask(deed.connection, [['SREM', deed.keys.queues, parked]]);
}

async function giveBack(deed: Deed, queue: string, size: number): Promise<void> {
  let length = size;
  let ahead = makeReady(deed, queue, { from: 0, count: FIRST_PAGE, length });
  while (length > 0) {
    const step = await ahead;
    if (step.size === 0) throw new OutOfStep('the parked jobs are gone');
    // Redis reads the next pages before these are cut off, and they are judged while it gives these back.
    ahead = makeReady(deed, queue, { from: step.size, count: step.nextCount, length });
    ahead.catch(() => {});
    await deliver(deed, queue, step, length);
    length -= step.size;
    await deed.breathe();
  }
}

/** Pages that were read, judged and packed: all that can be done before their turn comes. */
type Step = {
  readonly pages: readonly JudgedPage[];
  /** Undefined where no job leaves. */
  readonly chunk: PackedChunk | undefined;
  readonly size: number;
  readonly nextCount: number;
};

type JudgedPage = {
  readonly size: number;
  /** How many jobs of the step leave before those of this page. */
  readonly first: number;
  readonly staying: readonly Buffer[];
};

type Range = { readonly from: number; readonly count: number; readonly length: number };

async function makeReady(deed: Deed, queue: string, range: Range): Promise<Step> {
  const pages = await readStep(deed, queue, range);
  const place = { kind: 'queue', queue } as const;
  const leaving: JobBytes[] = [];
  const judged = pages.map((page): JudgedPage => {
    const chosen = deed.choose(page, place);
    const first = leaving.length;
    const staying: Buffer[] = [];
    // The oldest first, as they are given back and archived.
    for (let index = page.length - 1; index >= 0; index -= 1) {
      const payload = page[index];
      if (payload === undefined) continue;
      if (chosen[index] === true) leaving.push({ payload, score: undefined });
      else staying.push(payload);
    }
    return { size: page.length, first, staying };
  });
  return {
    pages: judged,
    chunk: leaving.length === 0 ? undefined : await deed.books.pack(place, leaving),
    size: pages.reduce((sum, page) => sum + page.length, 0),
    nextCount: nextPage(range.count, pages.at(-1) ?? []),
  };
}

/**
 * Reads pages from the oldest end, beginning behind the first `from` jobs; in each the oldest job is the last. The length
 * before and after proves that they stand where they were looked for.
 */
async function readStep(
  deed: Deed,
  queue: string,
  { from, count, length }: Range,
): Promise<readonly (readonly Buffer[])[]> {
  const key = deed.keys.queue(`${queue}${SUFFIX}`);
  const pages = Array.from({ length: STEP_PAGES }, (_, page) => from + page * count)
    .filter((first) => first < length)
    .map((first) => ['LRANGE', key, -first - count, -first - 1] as const);
  if (pages.length === 0) return [];
  const [before, ...replies] = await ask(deed.connection, [['LLEN', key], ...pages, ['LLEN', key]]);
  const after = replies.pop();
  const lengths = [before, after].map((reply) => numberIn(reply?.ok ? reply.value : undefined));
  if (lengths.some((seen) => seen !== length)) throw new OutOfStep('somebody takes parked jobs');
  return replies.map((reply) => (reply.ok && Array.isArray(reply.value) ? reply.value : []));
}

async function deliver(deed: Deed, queue: string, { pages, chunk }: Step, length: number): Promise<void> {
  const { keys, books } = deed;
  const number = chunk === undefined ? 0 : await books.open(chunk);
  const parked = `${queue}${SUFFIX}`;
  const head = deed.head(keys.queue(parked), keys.queue(queue), keys.queues);
  let expected = length;
  const calls = pages.map(({ size, first, staying }): Call => {
    const leaving = size - staying.length;
    const call: Call = [
      'give-back-5',
      ...head,
      number,
      first,
      leaving,
      expected,
      size,
      parked,
      queue,
      ...staying,
    ];
    expected -= size;
    return call;
  });
  await deed.scripts.run(calls);
  if (chunk !== undefined) books.settle(new Array<boolean>(chunk.jobCount).fill(true));
}
