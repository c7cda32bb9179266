import { type ClassReader, createClassReader } from '../sidekiq/class-reader.ts';
import { type Job, MAX_PAYLOAD_BYTES, parseJson, readPayload } from '../sidekiq/job.ts';
import { isObject, textOf } from '../sidekiq/job-class.ts';
import type { Page } from '../sidekiq/page.ts';
import type { PrivateList } from '../sidekiq/snapshot.ts';
import type { JobPlace } from '../sidekiq/tally.ts';
import { DistinctCounter } from './distinct.ts';
import { type ClassFound, type FoundPlace, PLACES } from './purge-found.ts';
import { judge, mayBe, type Selection } from './purge-selector.ts';

/** Shown. */
const FEW_JIDS = 3;
/** Looked up for what iterable jobs save. */
const SAMPLED_JIDS = 100;
/** Any string can be a jid; only what fits a message and a key is kept. */
const DECENT_JID = /^[\w:.-]{1,64}$/;
/** More classes than any application has; only for suggestions. */
const MAX_CLASS_NAMES = 5000;

/** Counts what a purge would take, page by page, in memory that does not grow with the number of jobs. */
export class PurgeTally {
  readonly #selection: Selection;
  readonly #readClasses: ClassReader = createClassReader();
  readonly #places = new Map<string, number>();
  readonly #classNames = new Set<string>();
  readonly #leftAlone = { later: 0, undated: 0, unreadable: 0, inUnknownLists: 0 };
  readonly #batches = new DistinctCounter();
  readonly #lockDigests = new DistinctCounter();
  readonly #jids = new Set<string>();
  #batchJobs = 0;
  #uniqueJobs = 0;
  #encrypted = 0;
  #oldestAtMs = Number.POSITIVE_INFINITY;
  #newestAtMs = Number.NEGATIVE_INFINITY;
  readCount = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  /** `list` where the place is a private list. */
  add(place: JobPlace, list: PrivateList | undefined, page: Page): void {
    this.readCount += page.length;
    const classes = this.#readClasses(page);
    const name = nameOf(place, list);
    for (const [index, jobClass] of classes.entries()) {
      if (jobClass !== undefined && this.#classNames.size < MAX_CLASS_NAMES) this.#classNames.add(jobClass);
      if (mayBe(this.#selection.jobClass, jobClass)) this.#addOne(place, name, page.payload(index));
    }
  }

  #addOne(place: JobPlace, name: string | undefined, raw: Buffer): void {
    const payload = raw.length > MAX_PAYLOAD_BYTES ? undefined : parseJson(raw);
    const reading = readPayload(payload);
    const judgement = judge(reading, this.#selection, place);
    switch (judgement) {
      case 'other':
        return;
      case 'selected':
        if (name === undefined) this.#leftAlone.inUnknownLists += 1;
        else if (reading.kind === 'job') this.#addSelected(name, reading.job, payload);
        return;
      case 'later':
      case 'undated':
      case 'unreadable':
        this.#leftAlone[judgement] += 1;
        return;
      default:
        judgement satisfies never;
    }
  }

  #addSelected(name: string, job: Job, payload: unknown): void {
    this.#places.set(name, (this.#places.get(name) ?? 0) + 1);
    const { createdAtMs = Number.NaN, jid, batchId } = job;
    if (createdAtMs < this.#oldestAtMs) this.#oldestAtMs = createdAtMs;
    if (createdAtMs > this.#newestAtMs) this.#newestAtMs = createdAtMs;
    if (jid !== undefined && this.#jids.size < SAMPLED_JIDS && DECENT_JID.test(jid)) this.#jids.add(jid);
    if (batchId !== undefined) this.#batchJobs += 1;
    this.#batches.add(batchId);
    if (!isObject(payload)) return;
    if (payload['encrypt'] === true) this.#encrypted += 1;
    if (payload['unique_for']) this.#uniqueJobs += 1;
    // The older name is that of sidekiq-unique-jobs up to 6 (reference: 3.2).
    this.#lockDigests.add(textOf(payload, 'lock_digest') ?? textOf(payload, 'unique_digest'));
  }

  /** Jids whose saved progress is worth looking up. */
  sampledJids(): readonly string[] {
    return [...this.#jids];
  }

  found(): Pick<ClassFound, 'places' | 'oldestAtMs' | 'newestAtMs' | 'jids' | 'leftAlone' | 'classNames'> {
    const isAny = this.#places.size > 0;
    return {
      places: inOrder(this.#places),
      oldestAtMs: isAny ? this.#oldestAtMs : undefined,
      newestAtMs: isAny ? this.#newestAtMs : undefined,
      jids: [...this.#jids].slice(0, FEW_JIDS),
      leftAlone: { ...this.#leftAlone },
      classNames: [...this.#classNames],
    };
  }

  marks(): Omit<ClassFound['marks'], 'iterable'> {
    return {
      batchJobs: this.#batchJobs,
      batches: this.#batches.distinct,
      uniqueJobs: this.#uniqueJobs,
      lockDigests: this.#lockDigests.distinct,
      encrypted: this.#encrypted,
    };
  }
}

/** Undefined for lists of fetchers that nobody knows: they are reported and not touched (reference: 7.2). */
function nameOf(place: JobPlace, list: PrivateList | undefined): string | undefined {
  switch (place.kind) {
    case 'scheduled_set':
      return PLACES.scheduledSet;
    case 'retry_set':
      return PLACES.retrySet;
    case 'queue':
      return PLACES.queue(place.queue);
    case 'private_list':
      if (list === undefined || list.scheme === 'unknown') return undefined;
      return list.ownerState === 'dead' ? PLACES.deadLists : PLACES.liveLists;
    default:
      return place satisfies never;
  }
}

function inOrder(places: ReadonlyMap<string, number>): FoundPlace[] {
  const fixed: readonly string[] = [PLACES.scheduledSet, PLACES.retrySet, PLACES.deadLists, PLACES.liveLists];
  const placed = (name: string): FoundPlace[] => {
    const count = places.get(name);
    return count === undefined ? [] : [{ name, count }];
  };
  const queues = [...places]
    .filter(([name]) => !fixed.includes(name))
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return [
    ...placed(PLACES.scheduledSet),
    ...placed(PLACES.retrySet),
    ...queues,
    ...placed(PLACES.deadLists),
    ...placed(PLACES.liveLists),
  ];
}
