import { numberIn } from '../answers.ts';
import { ask } from '../ask.ts';
import type { Deed } from './deed.ts';
import { FIRST_PAGE, nextPage } from './page-size.ts';
import type { Call } from './scripts.ts';
import { OutOfStep } from './scripts.ts';

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
const STEP_PAGES = 12;

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
  const [size] = await ask(deed.connection, [['LLEN', deed.keys.queue(parked)]]);
  if (size?.ok === true) await giveBack(deed, parked.slice(0, -SUFFIX.length), numberIn(size.value) ?? 0);
}

async function giveBack(deed: Deed, queue: string, size: number): Promise<void> {
  let length = size;
  let count = FIRST_PAGE;
  let ahead = readStep(deed, queue, 0, count, length);
  while (length > 0) {
    const pages = await ahead;
    const stepSize = pages.reduce((sum, page) => sum + page.length, 0);
    if (stepSize === 0) throw new OutOfStep('the parked jobs are gone');
    count = nextPage(count, pages.at(-1) ?? []);
    // Redis reads the next pages while these are judged and archived; they are asked for before these are cut off.
    ahead = readStep(deed, queue, stepSize, count, length);
    ahead.catch(() => {});
    await giveBackStep(deed, queue, pages, length);
    length -= stepSize;
    await deed.breathe();
  }
}

/**
 * Reads pages from the oldest end, beginning behind the first `from` jobs; in each the oldest job is the last. The length
 * before and after proves that they stand where they were looked for.
 */
async function readStep(
  deed: Deed,
  queue: string,
  from: number,
  count: number,
  length: number,
): Promise<Buffer[][]> {
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

async function giveBackStep(
  deed: Deed,
  queue: string,
  pages: readonly (readonly Buffer[])[],
  length: number,
): Promise<void> {
  const { keys, books } = deed;
  const place = { kind: 'queue', queue } as const;
  const leaving: Buffer[] = [];
  const judged = pages.map((page) => {
    const chosen = deed.choose(page, place, leaving.length);
    const first = leaving.length;
    const staying: Buffer[] = [];
    // The oldest first, as they are given back and archived.
    for (let index = page.length - 1; index >= 0; index -= 1) {
      const raw = page[index];
      if (raw !== undefined) (chosen[index] === true ? leaving : staying).push(raw);
    }
    return { size: page.length, first, staying };
  });
  const jobs = leaving.map((payload) => ({ payload, score: undefined }));
  const chunk = jobs.length === 0 ? 0 : await books.open(place, jobs);
  const parked = `${queue}${SUFFIX}`;
  const head = deed.head(keys.queue(parked), keys.queue(queue), keys.queues);
  let expected = length;
  const calls = judged.map(({ size, first, staying }): Call => {
    const call: Call = [
      'give-back-5',
      ...head,
      chunk,
      first,
      size - staying.length,
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
  if (jobs.length > 0) books.settle(jobs.map(() => true));
}
