import { digestOf } from '../../core/migration/digest.ts';
import type { TakeBackOrder } from '../../ports/acting.ts';
import { readLeft } from '../answers.ts';
import { atOnce, shortLength } from '../one-by-one.ts';
import { listSource, readPages } from '../pages.ts';
import { mustBeRead } from '../scripts.ts';
import { batches, isFullStep } from '../step-size.ts';
import type { Deed } from './deed.ts';
import { OtherTurn, refusalOf } from './scripts.ts';

/** Workers and producers change the queue while it is read, so it is read again until nothing is met. */
const MAX_ROUNDS = 20;

/** Archives again what a rescue has moved and what still waits, each job once. @throws {RefusedByRedis} */
export async function takeBack(deed: Deed, order: TakeBackOrder): Promise<void> {
  for (const [queue, digests] of order.rescued) {
    for (let round = 1; round <= MAX_ROUNDS && !deed.isOver; round += 1) {
      if (!(await takeOnce(deed, queue, digests))) break;
    }
  }
}

/** False when there is nothing left to take. */
async function takeOnce(deed: Deed, queue: string, digests: ReadonlySet<string>): Promise<boolean> {
  const key = deed.keys.queue(queue);
  const length = await shortLength(deed.connection, key);
  if (typeof length !== 'number') {
    deed.leftAlone.push(
      `Queue ${queue} was left alone: it has ${length.tooLong} jobs, too many to take some out one by one.`,
    );
    return false;
  }
  const chosen: { payload: Buffer }[] = [];
  let isWhole = true;
  let sizeBytes = 0;
  for await (const page of readPages(deed.connection, listSource(key), mustBeRead)) {
    for (const payload of page.payloads()) {
      if (!digests.has(digestOf(payload))) continue;
      chosen.push({ payload: Buffer.from(payload) });
      sizeBytes += payload.length;
    }
    isWhole = !isFullStep(chosen.length, sizeBytes);
    if (!isWhole) break;
  }
  const fitting = chosen.slice(0, Math.max(0, deed.books.room));
  if (fitting.length < chosen.length) deed.isOverCap = true;
  if (fitting.length === 0) return false;
  await send(deed, queue, fitting, atOnce(length));
  await deed.breathe();
  return !isWhole;
}

async function send(
  deed: Deed,
  queue: string,
  jobs: readonly { payload: Buffer }[],
  atOnce: number,
): Promise<void> {
  const { books } = deed;
  const calls = [...batches(jobs, atOnce)].map((batch) => batch.map(({ payload }) => payload));
  books.note = `queue ${queue}`;
  const { chunks: numbers } = await books.commit(
    calls.map((payloads) => ({ place: { kind: 'queue', queue }, payloads })),
  );
  const replies = await deed.scripts.send(
    calls.map((payloads, index) => deed.takeBackCall(queue, numbers[index] ?? 0, payloads)),
  );
  let refusal: string | undefined;
  for (const [index, number] of numbers.entries()) {
    const reply = replies[index];
    const left = reply?.ok ? readLeft(reply.value) : [];
    books.settle(number, left);
    books.archived += left.filter(Boolean).length;
    if (reply?.ok !== true) refusal ??= reply?.refusal ?? 'ERR';
    else if (reply.value === -1) throw new OtherTurn();
  }
  if (refusal !== undefined) throw refusalOf(refusal);
}
