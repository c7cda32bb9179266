import { counted, exact } from '../amounts.ts';
import type { Process, Snapshot } from '../sidekiq/snapshot.ts';
import { type FromPlace, type NamedPlace, ownerOf } from './place-name.ts';
import { mayBe, type Selection } from './purge-selector.ts';

/**
 * A purge stops no thread; who ran it when we stopped looking is said also when nobody did. Undefined: nobody could look.
 * What processes gone silent last said is told apart: in a crash loop most of them are killed, and their threads run nothing.
 */
export function stillRunning(
  { jobClass, queues }: Pick<Selection, 'jobClass' | 'queues'>,
  snapshot: Pick<Snapshot, 'works' | 'processes' | 'faults'> | undefined,
): string {
  if (snapshot === undefined) return UNSEEN;
  const states = new Map(snapshot.processes.map(({ identity, state }) => [identity, state]));
  const ofClass = snapshot.works.filter(
    (work) => mayBe(jobClass, work.jobClass) && (queues.length === 0 || queues.includes(work.queue)),
  );
  // What a process ran stands in Redis for a minute after its death. One that cannot be seen may live.
  const count = ofClass.filter(({ identity }) => (states.get(identity) ?? 'alive') === 'alive').length;
  const silent = ofClass.filter(({ identity }) => states.get(identity) === 'silent').length;
  const isPartly = snapshot.faults.some(({ where }) => RUNS_STAND_AT.test(where));
  if (isPartly && count + silent === 0) return UNSEEN;
  const threads = isPartly ? `At least ${counted(count, 'thread')}` : counted(count, 'thread');
  const lost =
    silent === 0 ? '' : `, and ${exact(silent)} more by the last word of processes that have gone silent`;
  // Redis holds the class of what runs, which for mail is one class.
  if (jobClass.includes('#') && count + silent > 0) {
    return `${threads} still ran mail when we stopped looking${lost}; whether it was this mail could not be seen.`;
  }
  return `${threads} still ran it when we stopped looking${lost}.`;
}

const UNSEEN = 'How many threads still ran it when we stopped looking could not be seen.';
const RUNS_STAND_AT = /(?:^|:)(?:processes|work|workers)$/;

/**
 * What was taken from under threads that may run it: they finish it all the same, and a restore would run it again.
 * Undefined when nothing came from private lists.
 */
export function fromPrivateLists(
  totals: readonly FromPlace[],
  processes: readonly Process[] | undefined,
): string | undefined {
  let jobs = 0;
  let ofLiving = 0;
  for (const { place, archived } of totals) {
    if (place.kind !== 'private_list') continue;
    jobs += archived;
    if (processes?.some((process) => isOwner(process, place))) ofLiving += archived;
  }
  if (jobs === 0) return undefined;
  const were = `${counted(jobs, 'was', 'were')} in private lists`;
  if (processes === undefined) {
    return `${were}; where a worker still lives, it may finish them although they are archived.`;
  }
  if (ofLiving === 0) return `${were} of workers that are gone.`;
  return `${were}, ${exact(ofLiving)} of them of workers that live; they may finish although they are archived.`;
}

/** Some fetchers name no more than host and process id, or the host (reference: 7). */
function isOwner(
  { identity, hostname, state }: Process,
  list: Extract<NamedPlace, { kind: 'private_list' }>,
): boolean {
  if (state === 'dead') return false;
  const owner = ownerOf(list);
  if (owner === undefined || identity === owner || identity.startsWith(`${owner}:`)) return true;
  return owner.split(' ', 1)[0] === hostname;
}
