import { digestOf } from '../../core/migration/digest.ts';
import type { RescuedPart } from '../../ports/archive.ts';
import { numberIn } from '../answers.ts';
import { isFullStep } from '../step-size.ts';
import type { Deed } from './deed.ts';
import { markOf, WindowReader } from './list-window.ts';
import type { DeadList } from './lists.ts';
import { type PlannedCall, planCalls } from './plan-calls.ts';
import { OtherTurn, refusalOf } from './scripts.ts';

/** Jobs that stay are set aside and put back in each call; beyond so many that would take milliseconds. */
const MAX_KEPT = 5000;
/** Somebody else rescues the same list, a process that starts for one: it is given time, and each time there is less. */
const MAX_ROUNDS = 50;
const WAIT_MS = 100;
const MAX_WAIT_MS = 1000;

/** A list on its way, in one round. */
type ListWork = {
  readonly dead: DeadList;
  kept: number;
  /** A call found it otherwise than it was judged. */
  isChanged: boolean;
  isOver: boolean;
};

type Step = { readonly work: ListWork; readonly call: PlannedCall }[];

/** What the scripts answer below zero: nothing was done. */
const ENDS: Readonly<Record<number, string>> = {
  [-3]: 'it or its queue is something else than a list',
  [-4]: 'its owner lives, or a process that may own it has started',
  [-5]: 'a living process runs one of its jobs',
};
const OTHER_TURN = -1;
const CHANGED = -2;

/**
 * Works off lists, each from its oldest job on. `stillMarks` say how lists of reliable_fetch must look, which were watched.
 * @throws {RefusedByRedis}
 */
export async function workOff(
  deed: Deed,
  lists: readonly DeadList[],
  stillMarks: ReadonlyMap<string, string>,
): Promise<void> {
  let open = lists;
  for (let round = 1; open.length > 0 && round <= MAX_ROUNDS && !deed.isOver; round += 1) {
    const works = await workOnce(deed, open, stillMarks);
    deed.kept += works.reduce((sum, { isChanged, kept }) => sum + (isChanged ? 0 : kept), 0);
    open = works.filter(({ isChanged, isOver }) => isChanged && !isOver).map(({ dead }) => dead);
    if (open.length > 0) await deed.books.ask(Math.min(MAX_WAIT_MS, WAIT_MS * round));
  }
  for (const { list } of deed.isOver ? [] : open) {
    deed.leftAlone.push(`${list.key} was left alone: somebody else works on it.`);
  }
}

async function workOnce(
  deed: Deed,
  lists: readonly DeadList[],
  stillMarks: ReadonlyMap<string, string>,
): Promise<readonly ListWork[]> {
  const works = lists.map((dead): ListWork => ({ dead, kept: 0, isChanged: false, isOver: false }));
  let step: Step = [];
  for (const work of works) {
    const { key } = work.dead.list;
    const reader = new WindowReader(deed.connection, key);
    let stillMark = stillMarks.get(key);
    while (!work.isOver && !work.isChanged && !deed.isOver) {
      const window = await reader.read(work.kept);
      if (window === 'gone') break;
      work.isChanged = window === 'changed';
      if (window === 'changed') break;
      if (stillMark !== undefined && stillMark !== markOf(window.length, window.newest, window.oldest)) {
        end(deed, work, 'it changed while it was watched');
        break;
      }
      stillMark = undefined;
      const planned = planCalls(window, work.kept, deed.books.room - leavingIn(step), deed.order);
      step.push(...planned.calls.map((call) => ({ work, call })));
      if (planned.isOverCap) deed.isOverCap = true;
      const isAtEnd = window.jobs.length + work.kept >= window.length;
      work.kept = planned.kept;
      if (isFull(step) || !isAtEnd) {
        await send(deed, step);
        step = [];
      }
      if (isAtEnd) break;
      if (work.kept > MAX_KEPT) end(deed, work, `more than ${MAX_KEPT} that stay lie before the rest`);
    }
  }
  await send(deed, step);
  return works;
}

/** As many lists as it takes. */
function isFull(step: Step): boolean {
  const jobs = step.flatMap(({ call }) => call.jobs);
  return isFullStep(
    jobs.length,
    jobs.reduce((sum, { payload }) => sum + payload.length, 0),
  );
}

/** What stays takes no room of what was approved. */
function leavingIn(step: Step): number {
  return step.reduce((sum, { call }) => sum + call.jobs.filter(({ fate }) => fate !== 'keep').length, 0);
}

function end(deed: Deed, work: ListWork, why: string): void {
  if (!work.isOver) deed.leftAlone.push(`${work.dead.list.key} was left alone: ${why}.`);
  work.isOver = true;
}

/** Archives what is to be archived, then sends the calls; each has done all or nothing. */
async function send(deed: Deed, step: Step): Promise<void> {
  if (step.length === 0) return;
  const { books } = deed;
  const archiving = step.flatMap(({ work, call }, index) => {
    const payloads = call.jobs.filter(({ fate }) => fate === 'archive').map(({ payload }) => payload);
    const { list, queue } = work.dead;
    const place = { kind: 'private_list', key: list.key, queue } as const;
    return payloads.length === 0 ? [] : [{ index, place, payloads }];
  });
  books.note = `private list ${step.at(-1)?.work.dead.list.key}`;
  const moving = partsOf(step);
  const numbers = await books.commit(archiving, moving);
  const chunkOf = new Map(archiving.map(({ index }, position) => [index, numbers.chunks[position] ?? 0]));
  const partOf = new Map(moving.map(({ index }, position) => [index, numbers.parts[position] ?? 0]));
  const calls = step.map(({ work, call }, index) =>
    deed.callFor(work.dead, call.mark, call.kept, call.jobs, chunkOf.get(index) ?? 0),
  );
  const replies = await deed.scripts.send(calls);
  let refusal: string | undefined;
  for (const [index, { work, call }] of step.entries()) {
    const reply = replies[index];
    const moved = reply?.ok ? (numberIn(reply.value) ?? CHANGED) : undefined;
    const archived = call.jobs.filter(({ fate }) => fate === 'archive').length;
    const chunk = chunkOf.get(index);
    if (chunk !== undefined)
      books.settle(chunk, moved !== undefined && moved >= 0 ? new Array<boolean>(archived).fill(true) : []);
    const part = partOf.get(index);
    if (part !== undefined && (moved ?? CHANGED) < 0) books.takeOffRecord(part);
    if (moved === undefined) refusal ??= reply?.ok === false ? reply.refusal : 'ERR';
    else if (moved >= 0) {
      books.moved += moved;
      books.archived += archived;
    } else take(deed, work, moved);
  }
  if (refusal !== undefined) throw refusalOf(refusal);
  await deed.breathe();
}

/** What each call is about to move, so that it can be listed and taken back. */
function partsOf(step: Step): readonly (RescuedPart & { readonly index: number })[] {
  return step.flatMap(({ work, call }, index) => {
    const moving = call.jobs.filter(({ fate }) => fate === 'move');
    const jobs = moving.map(({ payload, jid, jobClass = '' }) => ({
      digest: digestOf(payload),
      jid,
      jobClass,
    }));
    return jobs.length === 0 ? [] : [{ index, queue: work.dead.queue, jobs }];
  });
}

function take(deed: Deed, work: ListWork, code: number): void {
  if (code === OTHER_TURN) throw new OtherTurn();
  if (code !== CHANGED) end(deed, work, ENDS[code] ?? 'Redis answered what nobody expected');
  else if (work.dead.isOfReliableFetch) end(deed, work, 'it changed while it was worked off');
  else work.isChanged = true;
}
