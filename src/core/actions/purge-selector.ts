import { ClassName } from '../sidekiq/class-name.ts';
import { type JobReading, readJob } from '../sidekiq/job.ts';
import { isMailer } from '../sidekiq/job-class.ts';
import { JobWalk } from '../sidekiq/job-walk.ts';
import type { Page } from '../sidekiq/page.ts';
import type { JobPlace } from '../sidekiq/tally.ts';

/**
 * Which jobs a purge takes: the one predicate that the plan counts by and the deed removes by, so that the number that
 * was shown is the number that goes. It judges parsed payloads only; nothing of a payload is ever written back.
 */
export type Selection = {
  /** Exactly as jobs name it (`jobClassOf`), or "PayslipMailer#monthly" for the mail of one mailer and method. */
  readonly jobClass: string;
  /** Only these; empty for all. */
  readonly queues: readonly string[];
  /**
   * Only jobs created before it. What crashes and comes back keeps its `created_at`, and so stays inside; what the
   * application enqueues after the plan was made is outside.
   */
  readonly cutOffMs: number;
};

export type Judgement =
  | 'selected'
  /** Of another class, or of a queue that was not asked for. */
  | 'other'
  /** Created at the cut-off or after it. */
  | 'later'
  /** It does not say when it was created: left alone. */
  | 'undated'
  /** No JSON, no job, or too large to be parsed: left alone. */
  | 'unreadable';

export function judge(reading: JobReading, selection: Selection, place: JobPlace): Judgement {
  if (reading.kind !== 'job') return 'unreadable';
  const { jobClass, mail, createdAtMs, queue } = reading.job;
  if (jobClass !== selection.jobClass && mail !== selection.jobClass) return 'other';
  if (!isOfQueues(selection.queues, queueOf(place) ?? queue)) return 'other';
  if (createdAtMs === undefined) return 'undated';
  return createdAtMs < selection.cutOffMs ? 'selected' : 'later';
}

export function isSelected(raw: Buffer, selection: Selection, place: JobPlace): boolean {
  return judge(readJob(raw), selection, place) === 'selected';
}

/** Says of each payload of a page whether it is selected: as `isSelected` does, at a fifth of the cost. */
export function createSelector(selection: Selection): (page: Page, place: JobPlace) => readonly boolean[] {
  const { jobClass, queues, cutOffMs } = selection;
  const walk = new JobWalk();
  const name = new ClassName(jobClass);
  const isMeant = (page: Page, index: number, place: JobPlace, isOfQueue: boolean): boolean => {
    const match = name.matchOf(page, index, walk);
    if (match === 'another') return false;
    const createdMs = match === 'it' && isOfQueue ? walk.createdAt.epochMs(page.bytes) : undefined;
    return createdMs === undefined ? isSelected(page.payload(index), selection, place) : createdMs < cutOffMs;
  };
  return (page, place) => {
    const selected = new Array<boolean>(page.length).fill(false);
    const queue = queueOf(place);
    const isOfQueue = isOfQueues(queues, queue);
    for (const index of name.mentionsIn(page)) selected[index] = isMeant(page, index, place, isOfQueue);
    return selected;
  };
}

/** Whether a payload of this class (as the class reader tells it) can be of that which is asked for. */
export function mayBe(jobClass: string, found: string | undefined): boolean {
  return found === jobClass || (found !== undefined && jobClass.includes('#') && isMailer(found));
}

/** A list tells where its jobs are worked off, whatever they say; sets hold jobs of every queue, so there they say it themselves. */
function queueOf(place: JobPlace): string | undefined {
  return place.kind === 'queue' || place.kind === 'private_list' ? place.queue : undefined;
}

function isOfQueues(queues: readonly string[], queue: string | undefined): boolean {
  return queues.length === 0 || (queue !== undefined && queues.includes(queue));
}
