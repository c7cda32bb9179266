import { readJob } from '../../core/sidekiq/job.ts';
import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { ArchivePlace, JobBytes } from '../../ports/archive.ts';

/** Sidekiq's own, for jobs of a private list that say nowhere which queue they came from. */
const DEFAULT_QUEUE = 'default';

/** Where a job goes when it comes back: to the back of a queue, or to its time in a set. */
export type Target =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'set'; readonly key: string };

/** A private list belongs to a process that is gone or busy: its jobs go to the back of their own queue. */
function targetOf(place: ArchivePlace, payload: Uint8Array, keys: SidekiqKeys): Target {
  switch (place.kind) {
    case 'queue':
      return { kind: 'queue', queue: place.queue };
    case 'private_list':
      return { kind: 'queue', queue: place.queue ?? queueIn(payload) };
    case 'retry_set':
      return { kind: 'set', key: keys.retrySet };
    case 'scheduled_set':
      return { kind: 'set', key: keys.scheduledSet };
    default:
      return place satisfies never;
  }
}

function queueIn(payload: Uint8Array): string {
  const reading = readJob(Buffer.from(payload));
  return (reading.kind === 'job' ? reading.job.queue : undefined) ?? DEFAULT_QUEUE;
}

/** Cuts jobs where their target changes. */
export function* byTarget(
  jobs: readonly JobBytes[],
  place: ArchivePlace,
  keys: SidekiqKeys,
): Generator<{ readonly target: Target; readonly jobs: readonly JobBytes[] }> {
  let part: { target: Target; jobs: JobBytes[] } | undefined;
  for (const job of jobs) {
    const target = targetOf(place, job.payload, keys);
    if (part !== undefined && isSame(part.target, target)) {
      part.jobs.push(job);
      continue;
    }
    if (part !== undefined) yield part;
    part = { target, jobs: [job] };
  }
  if (part !== undefined) yield part;
}

function isSame(one: Target, other: Target): boolean {
  if (one.kind === 'queue') return other.kind === 'queue' && one.queue === other.queue;
  return other.kind === 'set' && one.key === other.key;
}
