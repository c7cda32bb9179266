import { exact } from '../../core/amounts.ts';
import { Page } from '../../core/sidekiq/page.ts';
import type { JobPlace } from '../../core/sidekiq/tally.ts';
import type { ArchivePlace } from '../../ports/archive.ts';
import { readLeft } from '../answers.ts';
import { ask } from '../ask.ts';
import { atOnce, MOST_AT_ONCE, shortLength } from '../one-by-one.ts';
import { listSource, readPages } from '../pages.ts';
import { mustBeRead } from '../scripts.ts';
import { batches, FIRST_PAGE, isFullStep, nextPage } from '../step-size.ts';
import { countUpTo } from './count-up-to.ts';
import type { Deed } from './deed.ts';

type Chosen = { readonly payload: Buffer; readonly score: number | undefined };

const SET_PAGES = 4;
/** A list that brings forth ever more is looked at again in the next pass. */
const MAX_ROUNDS = 50;

/** Takes jobs out of a list one by one, by their bytes: for short lists, and those that others work with. */
export async function takeFromList(
  deed: Deed,
  key: string,
  place: JobPlace,
  archivePlace: ArchivePlace,
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS && !deed.isOver; round += 1) {
    const length = await shortLength(deed.connection, key);
    if (typeof length !== 'number') {
      if ((await countUpTo(deed, key, place, 1)) === 0) return;
      deed.gaps.add(`${key} has ${exact(length.tooLong)} jobs, too many to take some out one by one.`);
      return;
    }
    const { jobs, isWhole } = await chooseInList(deed, key, place);
    if (jobs.length > 0) await takeOut(deed, 'list', key, archivePlace, jobs, atOnce(length));
    await deed.breathe();
    if (isWhole) return;
  }
}

async function chooseInList(
  deed: Deed,
  key: string,
  place: JobPlace,
): Promise<{ jobs: Chosen[]; isWhole: boolean }> {
  const jobs: Chosen[] = [];
  let sizeBytes = 0;
  for await (const page of readPages(deed.connection, listSource(key), mustBeRead)) {
    for (const [index, isChosen] of deed.choose(page, place).entries()) {
      if (!isChosen) continue;
      const payload = Buffer.from(page.payload(index));
      jobs.push({ payload, score: undefined });
      sizeBytes += payload.length;
    }
    if (isFullStep(jobs.length, sizeBytes)) return { jobs: jobs.reverse(), isWhole: false };
  }
  // The oldest first, as they are archived and will be put back; they were read from the other end.
  return { jobs: jobs.reverse(), isWhole: true };
}

/**
 * Takes jobs out of a sorted set, from its high end: the poller takes due jobs at the low end, so nothing is passed over.
 * What is added meanwhile may move others into sight a second time, never out of it.
 */
export async function takeFromSet(deed: Deed, key: string, place: JobPlace & ArchivePlace): Promise<void> {
  let from = 0;
  let count = FIRST_PAGE;
  while (!deed.isOver) {
    const members = await readMembers(deed, key, from, count);
    if (members.length === 0) return;
    const page = Page.of(members.map(({ payload }) => payload));
    const chosen = deed.choose(page, place);
    const jobs = members.filter((_, index) => chosen[index]);
    if (jobs.length > 0) await takeOut(deed, 'zset', key, place, jobs, MOST_AT_ONCE);
    from += members.length - jobs.length;
    count = nextPage(count, page.length, page.bytes.length);
    await deed.breathe();
  }
}

async function readMembers(deed: Deed, key: string, from: number, count: number): Promise<Chosen[]> {
  const replies = await ask(
    deed.connection,
    Array.from({ length: SET_PAGES }, (_, page) => {
      const first = from + page * count;
      return ['ZRANGE', key, -first - count, -first - 1, 'WITHSCORES'] as const;
    }),
  );
  return replies.flatMap((reply) => {
    mustBeRead(reply);
    const pairs: Buffer[] = reply.ok && Array.isArray(reply.value) ? reply.value : [];
    const members: Chosen[] = [];
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      const [payload, score] = [pairs[index], pairs[index + 1]];
      if (payload !== undefined && score !== undefined) members.push({ payload, score: scoreOf(score) });
    }
    return members;
  });
}

/** Redis writes infinity in its own way. */
function scoreOf(raw: Buffer): number {
  return Number(raw.toString('latin1').replace('inf', 'Infinity'));
}

async function takeOut(
  deed: Deed,
  type: 'list' | 'zset',
  key: string,
  place: ArchivePlace,
  jobs: readonly Chosen[],
  atOnce: number,
): Promise<void> {
  const chunk = await deed.books.open(await deed.books.pack(place, jobs));
  const left: boolean[] = [];
  for (const batch of batches(jobs, atOnce)) {
    const payloads = batch.map(({ payload }) => payload);
    const [answer] = await deed.scripts.run([
      ['remove-3', ...deed.head(key), chunk, left.length, type, ...payloads],
    ]);
    left.push(...readLeft(answer));
  }
  deed.books.settle(left);
}
