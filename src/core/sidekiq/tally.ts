import type { ClassCount } from './backlog.ts';
import { type ClassReader, createClassReader } from './class-reader.ts';
import { readJob } from './job.ts';
import type { Page } from './page.ts';

/** Where a page of jobs was read. */
export type JobPlace =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'private_list'; readonly queue: string | undefined }
  | { readonly kind: 'retry_set' | 'scheduled_set' };

/** More classes than any application has; beyond it memory would grow with the nonsense in Redis. */
const MAX_CLASSES = 20_000;

type Counted = {
  inQueues: number;
  inRetrySet: number;
  inScheduledSet: number;
  inPrivateLists: number;
  running: number;
  oldestAtMs: number | undefined;
  readonly queues: Map<string, number>;
};

/** Counts jobs by class, page by page, in memory that does not grow with their number. */
export class Tally {
  readonly #readClasses: ClassReader = createClassReader();
  /** A Map, since a class may be called `__proto__`. */
  readonly #classes = new Map<string, Counted>();
  notJobs = 0;
  readCount = 0;
  ofOtherClasses = 0;

  add(place: JobPlace, page: Page): void {
    // Lists stand by age, so the last of a class is its oldest; sets stand by due time, so each member must be asked.
    const isByAge = place.kind === 'queue' || place.kind === 'private_list';
    const found = new Map<string, { count: number; last: number; oldestAtMs: number }>();
    for (const [index, jobClass] of this.#readClasses(page).entries()) {
      if (jobClass === undefined) {
        this.notJobs += 1;
        continue;
      }
      const same = found.get(jobClass);
      const birthMs = isByAge ? Number.POSITIVE_INFINITY : birthOf(page.payload(index));
      if (same === undefined) {
        found.set(jobClass, { count: 1, last: index, oldestAtMs: birthMs });
        continue;
      }
      same.count += 1;
      same.last = index;
      if (birthMs < same.oldestAtMs) same.oldestAtMs = birthMs;
    }
    this.readCount += page.length;
    for (const [jobClass, { count, last, oldestAtMs }] of found) {
      const counted = this.#countedOf(jobClass);
      if (counted === undefined) {
        this.ofOtherClasses += count;
        continue;
      }
      addTo(counted, place, count);
      const birthMs = isByAge ? birthOf(page.payload(last)) : oldestAtMs;
      if (birthMs < (counted.oldestAtMs ?? Number.POSITIVE_INFINITY)) counted.oldestAtMs = birthMs;
    }
  }

  addRunning(jobClass: string): void {
    const counted = this.#countedOf(jobClass);
    if (counted !== undefined) counted.running += 1;
  }

  classes(): ClassCount[] {
    return [...this.#classes]
      .map(([jobClass, { queues, ...counted }]) => ({
        jobClass,
        total: counted.inQueues + counted.inRetrySet + counted.inScheduledSet + counted.inPrivateLists,
        ...counted,
        queues: [...queues].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
      }))
      .sort((a, b) => b.total - a.total || b.running - a.running || (a.jobClass < b.jobClass ? -1 : 1));
  }

  #countedOf(jobClass: string): Counted | undefined {
    const known = this.#classes.get(jobClass);
    if (known !== undefined || this.#classes.size >= MAX_CLASSES) return known;
    const fresh: Counted = {
      inQueues: 0,
      inRetrySet: 0,
      inScheduledSet: 0,
      inPrivateLists: 0,
      running: 0,
      oldestAtMs: undefined,
      queues: new Map(),
    };
    this.#classes.set(jobClass, fresh);
    return fresh;
  }
}

function addTo(counted: Counted, place: JobPlace, count: number): void {
  switch (place.kind) {
    case 'queue':
      counted.inQueues += count;
      counted.queues.set(place.queue, (counted.queues.get(place.queue) ?? 0) + count);
      break;
    case 'private_list':
      counted.inPrivateLists += count;
      break;
    case 'retry_set':
      counted.inRetrySet += count;
      break;
    case 'scheduled_set':
      counted.inScheduledSet += count;
      break;
    default:
      place satisfies never;
  }
}

/** When it was created; infinitely late when it does not say. */
function birthOf(raw: Buffer): number {
  const reading = readJob(raw);
  if (reading.kind !== 'job') return Number.POSITIVE_INFINITY;
  return reading.job.createdAtMs ?? reading.job.enqueuedAtMs ?? Number.POSITIVE_INFINITY;
}
