import { type Distinct, DistinctCounter } from '../actions/distinct.ts';
import { type Job, MAX_PAYLOAD_BYTES, parseJson, readPayload } from '../sidekiq/job.ts';
import { isObject, textOf } from '../sidekiq/job-class.ts';
import type { Page } from '../sidekiq/page.ts';

/** What lies in one private list, as far as it was read. */
export type ListContents = {
  readonly readCount: number;
  /** Entries that no worker could run: not JSON, or without a class. They are left where they are. */
  readonly notJobs: number;
  /** Most jobs first. */
  readonly classes: readonly StrandedClass[];
  readonly oldestAtMs: number | undefined;
  /** The `queue` fields of its jobs, each once. More than one: nobody may guess where they belong. */
  readonly targets: readonly string[];
  /** Jobs whose jid a living process is running. */
  readonly inFlight: number;
  readonly batchJobs: number;
  readonly batches: Distinct;
  /** With Enterprise's `unique_for`, or a lock of sidekiq-unique-jobs. */
  readonly lockedJobs: number;
};

export type StrandedClass = {
  readonly jobClass: string;
  readonly count: number;
  readonly oldestAtMs: number | undefined;
  /** Of these, created more than a week ago. */
  readonly overWeek: number;
};

/** Jobs older than this are run by nobody in the belief that they are fresh: it needs a yes of its own. */
const OLD_AFTER_MS = 7 * 86_400_000;

const MAX_CLASSES = 2000;
const MAX_TARGETS = 5;

type Counted = { count: number; oldestAtMs: number | undefined; overWeek: number };

/** Counts what lies in a private list, page by page. `nowMs` is Redis's clock, `running` the jids of all live work hashes. */
export class ListTally {
  readonly #nowMs: number;
  readonly #running: ReadonlySet<string>;
  /** A Map, since a class may be called `__proto__`. */
  readonly #classes = new Map<string, Counted>();
  readonly #targets = new Set<string>();
  readonly #batches = new DistinctCounter();
  #readCount = 0;
  #notJobs = 0;
  #inFlight = 0;
  #batchJobs = 0;
  #lockedJobs = 0;

  constructor(nowMs: number, running: ReadonlySet<string>) {
    this.#nowMs = nowMs;
    this.#running = running;
  }

  add(page: Page): void {
    this.#readCount += page.length;
    for (const raw of page.payloads()) {
      const payload = raw.length > MAX_PAYLOAD_BYTES ? undefined : parseJson(raw);
      const reading = readPayload(payload);
      if (reading.kind !== 'job') this.#notJobs += 1;
      else this.#addJob(reading.job, payload);
    }
  }

  found(): ListContents {
    const classes = [...this.#classes].map(([jobClass, counted]) => ({ jobClass, ...counted }));
    return {
      readCount: this.#readCount,
      notJobs: this.#notJobs,
      classes: classes.sort((a, b) => b.count - a.count || (a.jobClass < b.jobClass ? -1 : 1)),
      oldestAtMs: earliest(classes.map(({ oldestAtMs }) => oldestAtMs)),
      targets: [...this.#targets],
      inFlight: this.#inFlight,
      batchJobs: this.#batchJobs,
      batches: this.#batches.distinct,
      lockedJobs: this.#lockedJobs,
    };
  }

  #addJob(job: Job, payload: unknown): void {
    const bornAtMs = job.createdAtMs ?? job.enqueuedAtMs;
    const known = this.#classes.get(job.jobClass) ?? { count: 0, oldestAtMs: undefined, overWeek: 0 };
    known.count += 1;
    known.oldestAtMs = earliest([known.oldestAtMs, bornAtMs]);
    if (bornAtMs !== undefined && this.#nowMs - bornAtMs > OLD_AFTER_MS) known.overWeek += 1;
    if (this.#classes.size < MAX_CLASSES) this.#classes.set(job.jobClass, known);
    if (job.queue !== undefined && this.#targets.size < MAX_TARGETS) this.#targets.add(job.queue);
    if (job.jid !== undefined && this.#running.has(job.jid)) this.#inFlight += 1;
    if (job.batchId !== undefined) this.#batchJobs += 1;
    this.#batches.add(job.batchId);
    if (isObject(payload) && hasLock(payload)) this.#lockedJobs += 1;
  }
}

/** The earliest of those that are known. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((first, time) => Math.min(first, time));
}

function hasLock(payload: Readonly<Record<string, unknown>>): boolean {
  if (payload['unique_for']) return true;
  return (textOf(payload, 'lock_digest') ?? textOf(payload, 'unique_digest')) !== undefined;
}
