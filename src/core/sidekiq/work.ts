import { type JobReading, parseJson } from './job.ts';
import { isObject, jobClassOf, textOf } from './job-class.ts';
import type { Work } from './snapshot.ts';
import { epochMs } from './times.ts';

export type WorkReading = {
  readonly work: Work;
  /** Sidekiq up to 6.0.1 wrote the payload as an object, later ones as a string of JSON. */
  readonly isPayloadObject: boolean;
  /** Why the job in it could not be read. */
  readonly trouble: Exclude<JobReading, { kind: 'job' }>['kind'] | undefined;
};

/** One field of a process's work hash: `{"queue":"default","payload":…,"run_at":1795454560}`. */
export function readWork(identity: string, threadId: string, value: Buffer, maxBytes: number): WorkReading {
  const isOversized = value.length > maxBytes;
  const parsed = isOversized ? undefined : parseJson(value);
  const outer = isObject(parsed) ? parsed : {};
  const isPayloadObject = isObject(outer['payload']);
  // A fleet has thousands of these in each snapshot, so only what is shown is taken from them.
  const payload = typeof outer['payload'] === 'string' ? parseJson(outer['payload']) : outer['payload'];
  const jobClass = isObject(payload) ? jobClassOf(payload) : undefined;
  const work: Work = {
    identity,
    threadId,
    queue: textOf(outer, 'queue') ?? '',
    jobClass,
    jid: isObject(payload) ? textOf(payload, 'jid') : undefined,
    runAtMs: epochMs(outer['run_at']),
  };
  if (isOversized) return { work, isPayloadObject, trouble: 'oversized' };
  if (payload === undefined) return { work, isPayloadObject, trouble: 'not_json' };
  return { work, isPayloadObject, trouble: jobClass === undefined ? 'not_a_job' : undefined };
}
